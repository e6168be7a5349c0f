"""More than one person's account on one phone: each finds one's own, and no text lands with somebody else."""

from tests.accounts.acts import (
    DAY,
    choose_code,
    keep_card,
    kept,
    lock,
    lockable,
    open_card,
    open_code,
    reads,
    writing,
)
from tests.client import Client
from tests.people import Ada, write


def test_two_accounts_on_one_phone_never_mix(ada: Ada, cleo: Client) -> None:
    """A shared phone. What Ada's locked page sends goes to Ada, whoever opened the phone last."""
    adas, cleos = lockable(ada), keep_card(cleo)
    phone = ada.client
    form = writing(phone)
    lock(phone)
    kept(phone, form, words="Adas text")
    phone.follow(open_card(phone, cleos))
    assert "Adas text" not in phone.get(f"/dagar/{DAY}").text
    assert not reads(phone)
    write(phone, DAY, words="Cleos text")
    phone.post("/las")
    phone.follow(open_card(phone, adas))
    page = phone.get(f"/dagar/{DAY}")
    assert "Adas text" in page.text
    assert "Cleos text" not in page.text


def test_two_codes_on_one_phone(ada: Ada, cleo: Client) -> None:
    """Both have a code there. Each opens one's own, or says plainly that it cannot."""
    adas, cleos = lockable(ada), keep_card(cleo)
    phone = ada.client
    lock(phone)
    phone.follow(open_card(phone, cleos))
    choose_code(phone, "97531")
    lock(phone)
    phone.follow(open_code(phone, "97531"))
    assert not reads(phone)
    lock(phone)
    phone.follow(open_card(phone, adas))
    assert reads(phone)


def test_a_try_account_on_a_shared_phone_receives_nothing_of_another_person(ada: Ada, cleo: Client) -> None:
    """Cleo tries on this phone, and the only key lies there: nobody else can open theirs over it."""
    card = keep_card(ada.client)
    refused = open_card(cleo, card, status=422)
    assert "den enda nyckeln till dem" in refused.text
    assert not reads(cleo)
    assert cleo.get("/").h1 == "Lätt dag"
