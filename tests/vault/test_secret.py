import copy
import io
import json
import logging
import pickle
import traceback
from dataclasses import asdict, dataclass
from pprint import pformat
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.vault.errors import CannotOpen, DamagedPayload, NewerVersion, NotASecret, WrongKey
from server.vault.keyring import Keyring, seal_keyring, unseal_keyring
from server.vault.sealing import KeyPair, Secret, context, derive, open_with, pad, seal, seal_to, unseal

WORD = b"kanariefagel-kanariefagel-kanari"
SECRET = Secret(WORD)
HERE = context("test")


def shows(text: str | bytes) -> bool:
    """Whether the secret is in there, as text, hexadecimal, base64 or a list of numbers."""
    raw = text.encode() if isinstance(text, str) else text
    forms = [WORD, WORD.hex().encode(), SECRET.as_text().encode(), str(list(WORD))[1:20].encode()]
    return any(form in raw for form in forms)


@dataclass
class Holder:
    key: Secret


@pytest.mark.parametrize("form", ["{}", "{!s}", "{!r}", "{!a}", "{:>40}", "{:s}", "{:x}"])
def test_format_never_shows_it(form: str) -> None:
    assert not shows(form.format(SECRET))


def test_repr_str_and_percent_never_show_it() -> None:
    assert not shows(f"{SECRET} {SECRET!r} {SECRET!s}" + repr([SECRET]) + pformat({"key": SECRET}))
    assert not shows("%s %r" % (SECRET, SECRET))  # noqa: UP031 - the old way is the point
    assert not shows(repr(Holder(SECRET)) + repr(asdict(Holder(SECRET))))
    assert not shows(repr(KeyPair(SECRET)) + str(KeyPair(SECRET)))


def test_a_log_never_shows_it() -> None:
    out = io.StringIO()
    logger, handler = logging.getLogger("test-secret"), logging.StreamHandler(out)
    logger.addHandler(handler)
    try:
        logger.error("%s %r %s", SECRET, SECRET, {"key": SECRET})
    finally:
        logger.removeHandler(handler)
    assert "hidden" in out.getvalue()
    assert not shows(out.getvalue())


def test_json_and_msgspec_refuse_it() -> None:
    with pytest.raises(TypeError):
        json.dumps(SECRET)
    assert not shows(json.dumps(SECRET, default=str))
    for encode in (msgspec.json.encode, msgspec.msgpack.encode, msgspec.to_builtins):
        with pytest.raises(TypeError):
            encode(SECRET)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_refuses_it(protocol: int) -> None:
    for holder in (SECRET, [SECRET], Holder(SECRET), Keyring.create()):
        with pytest.raises(TypeError):
            pickle.dumps(holder, protocol)


def test_it_has_no_state_length_bytes_or_hash_to_read() -> None:
    questions: list[Any] = [vars, bytes, len, iter, hash, lambda secret: secret.__getstate__()]
    for ask in questions:
        with pytest.raises(TypeError):
            ask(SECRET)


def test_a_copy_is_the_same_hidden_thing() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy({"key": SECRET})["key"] is SECRET


def test_it_never_changes() -> None:
    with pytest.raises(AttributeError):
        SECRET._hidden = b"other"


def test_it_equals_its_like_only() -> None:
    assert Secret(WORD) == SECRET
    assert Secret(b"x" * 32) != SECRET
    assert SECRET != WORD


def test_an_opened_keyring_shows_no_key() -> None:
    keyring = msgspec.structs.replace(Keyring.create(), keys={1: SECRET}, own_secret=SECRET, index_key=SECRET)
    assert not shows(f"{keyring} {keyring!r} {pformat(keyring)} {keyring.keys} {keyring.own_secret}")
    with pytest.raises(TypeError):
        msgspec.json.encode(keyring)


def trace(error: BaseException) -> str:
    """The fullest traceback Python can print: with the locals of every frame."""
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def test_a_traceback_with_locals_shows_no_key() -> None:
    account, wrong = bytes(16), b"not a keyring " + WORD
    newer = b"\x82\xa6format\x63\xa3key\xc4\x20" + WORD  # {"format": 99, "key": WORD}
    tries: list[tuple[type[Exception], Any]] = [
        (WrongKey, lambda: unseal(SECRET, HERE, seal(derive(SECRET, "other"), HERE, b"hej"))),
        (CannotOpen, lambda: unseal(SECRET, HERE, seal(SECRET, context("there"), WORD))),
        (CannotOpen, lambda: open_with(SECRET, HERE, seal_to(KeyPair.new().public, HERE, b"hej"))),
        (DamagedPayload, lambda: unseal_keyring(account, 1, keyring_blob(account, wrong), SECRET)),
        (NewerVersion, lambda: unseal_keyring(account, 1, keyring_blob(account, newer), SECRET)),
    ]
    for refusal, act in tries:
        with pytest.raises(refusal) as caught:
            act()
        assert not shows(trace(caught.value).replace(repr(wrong), "").replace(repr(newer), ""))


def keyring_blob(account: bytes, inside: bytes) -> bytes:
    return seal(SECRET, context("keyring", account, 1), pad(inside))


def test_the_keyring_blob_shows_no_key() -> None:
    keyring = msgspec.structs.replace(Keyring.create(), index_key=SECRET)
    assert not shows(seal_keyring(keyring, Secret.random()))


@given(st.binary(min_size=32, max_size=32))
def test_text_for_a_cookie_comes_back(value: bytes) -> None:
    text = Secret(value).as_text()
    assert Secret.from_text(text) == Secret(value)
    assert text.isascii() and len(text) == 43 and not set(text) & set("+/=;, ")


@pytest.mark.parametrize(
    "text", ["", "a", "å" * 43, "A" * 42, "A" * 44, "A" * 43 + "=", "A" * 42 + " ", "A" * 42 + "B", "+" * 43]
)
def test_text_that_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(NotASecret):
        Secret.from_text(text)
