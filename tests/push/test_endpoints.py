"""A notice goes to the push services of browsers, and to nobody else, whatever a subscription says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.push import endpoints
from server.push.endpoints import HOSTS, BadEndpoint, is_public, parse, public_addresses

GOOD = (
    "https://fcm.googleapis.com/fcm/send/abc:DEF-_1",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d",
    "https://web.push.apple.com/QAbc",
    "https://fcm.googleapis.com:443/wp/abc",
)
BAD = (
    "http://fcm.googleapis.com/x",
    "HTTPS://fcm.googleapis.com/x",
    "//fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com:99999/x",
    "https://fcm.googleapis.com./x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilfcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://xpush.apple.com/x",
    "https://evil.example/fcm.googleapis.com",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://evil.example\\@fcm.googleapis.com/x",
    "https://fcm.googleapis.com\\.evil.example/x",
    "https://fcm.googleapis.com/x#y",
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/x\r\nHost: evil.example",
    "https://fcm.googleapis.com\t/x",
    "https://fcm.googleapis.com/å",
    "https://ｆcm.googleapis.com/x",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https:///x",
    "https://",
    "file:///etc/passwd",
    "",
    "https://fcm.googleapis.com/" + "x" * 1000,
    "https://[fcm.googleapis.com/x",
)
PRIVATE = (
    "127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    "nonsense", "",
)  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_the_services_of_browsers_are_on_the_list(address: str) -> None:
    found = parse(address, HOSTS)
    assert address.endswith(found.path)
    assert found.origin == f"https://{found.host}"
    assert found.host not in repr(found) and found.path not in repr(found)


@pytest.mark.parametrize("address", BAD)
def test_nothing_else_is(address: str) -> None:
    with pytest.raises(BadEndpoint):
        parse(address, HOSTS)


@given(st.text())
def test_whatever_is_written_is_refused_or_read_as_it_stands(text: str) -> None:
    for address in (text, f"https://{text}", f"https://fcm.googleapis.com{text}"):
        try:
            found = parse(address, HOSTS)
        except BadEndpoint:
            continue
        assert found.host == "fcm.googleapis.com"
        assert address in (f"{found.origin}{found.path}", f"{found.origin}:443{found.path}", found.origin)


def test_an_operator_may_add_a_service() -> None:
    assert parse("https://a.push.example.org/x", [*HOSTS, "*.push.example.org"]).host == "a.push.example.org"
    with pytest.raises(BadEndpoint):
        parse("https://push.example.org/x", [*HOSTS, "*.push.example.org"])


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_out_on_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["142.250.74.10", "2a00:1450:400f:80c::200a"])
def test_one_that_is_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("among", [["142.250.74.10", "10.0.0.1"], ["::1"], []])
def test_one_private_address_among_them_is_enough(monkeypatch: pytest.MonkeyPatch, among: list[str]) -> None:
    monkeypatch.setattr(
        endpoints, "getaddrinfo", lambda *_args, **_more: [(0, 0, 0, "", (one, 443)) for one in among]
    )
    with pytest.raises(BadEndpoint):
        public_addresses("fcm.googleapis.com")
