"""Sealed as browsers open it, signed as push services want it."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from server.push.courier import TEXT
from server.vault.errors import BadPublicKey
from server.vault.sealing import Secret
from server.vault.webpush import Vapid, _sealed, seal_to_browser
from tests.push.service import Browser, raw, signed_by
from tests.world import NOW


def test_the_example_of_rfc_8291() -> None:
    """Appendix A, byte for byte."""
    own = ec.derive_private_key(
        int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    point = raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
    auth, salt = raw("BTBZMqHH6r4Tts7J_aSIgg"), raw("DGv6ra1nlYgDCS1FRnbzlw")
    words = b"When I grow up, I want to be a watermelon"
    assert _sealed(point, auth, words, own, salt) == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6P"
        "Bru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.binary(max_size=3000))
def test_another_library_opens_it_and_another_browser_does_not(words: bytes) -> None:
    here, there = Browser("here"), Browser("there")
    sealed = seal_to_browser(here.point, here.auth, words)
    assert here.opens(sealed) == words
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the library's own, or the cipher's
        there.opens(sealed)
    assert isinstance(refused.value, InvalidTag) or "ECE" in type(refused.value).__name__


def test_two_that_say_the_same_share_no_byte_that_matters_and_have_one_size() -> None:
    browsers = [Browser(f"nr {number}") for number in range(20)]
    sealed = {seal_to_browser(one.point, one.auth, TEXT) for one in browsers for _ in range(3)}
    assert len(sealed) == 60
    assert len({len(one) for one in sealed}) == 1


def test_a_point_that_no_browser_made_is_refused() -> None:
    for point in (b"", b"\4" + bytes(64), b"\4" * 65, Browser().point[:-1], b"\2" + bytes(32)):
        with pytest.raises(BadPublicKey):
            seal_to_browser(point, bytes(16), TEXT)


def test_the_same_secret_is_the_same_key_on_every_machine() -> None:
    one, same, other = Vapid(Secret(b"a" * 32)), Vapid(Secret(b"a" * 32)), Vapid(Secret(b"b" * 32))
    assert one.public == same.public != other.public
    assert len(raw(one.public)) == 65
    claims = signed_by(
        one.authorization("https://push.example.org", "https://dagsform.example", NOW), same.public
    )
    assert claims["aud"] == "https://push.example.org"
    assert claims["sub"] == "https://dagsform.example"
    assert NOW.timestamp() < claims["exp"] <= (NOW + timedelta(hours=24)).timestamp()
    assert repr(one) == "Vapid(hidden)"
