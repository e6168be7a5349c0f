"""Conversations: out whole, and in as what was. Nothing is sent by reading in (rows A16, D31; hard rules 1 and 8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from server.messages import drafts, talks
from server.messages.payloads import LONGEST, MessageDraft, Read, ReadReceipt, Talk
from server.messages.writing import Conversation
from server.mine.kind import Reading
from server.mine.problems import CannotRead
from server.mine.talks import check_talk, check_unsent, check_words
from server.vault.models import Letter
from tests.client import Client
from tests.html import all_of, text_of
from tests.messages.conftest import Talking, agree, said
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY
from tests.mine.test_export import CONVERSATION, MORNING, PAIR, TALK, THEIRS, UNSENT, WRITTEN
from tests.mine.test_export import files as files_of
from tests.mine.test_pages import download, files, read_in, upload
from tests.people import Ada
from tests.world import World

READING = Reading(file="samtal.json", today=TODAY, now=NOW)
LIVE = replace(WRITTEN, letter=4711, burn="hemligheten-som-branner", first="det forsta")
GOING_ON = replace(
    TALK, latest=MORNING, latest_theirs=MORNING, theirs_last=True, news=True, begun=True, takes=True, takes_number=31,
    told=Read(upto=MORNING), told_number=32, heard=ReadReceipt(upto=MORNING, number=33), paused=True, stopped="b" * 32,
)  # fmt: skip
Both = tuple[Talking, Talking]


@pytest.fixture
def both(ada: Ada, ben: Client) -> Both:
    """Ada and Ben, who have written to each other; Ada has begun on more."""
    mine, theirs = agree(ada.client, ben, "Ben")
    mine.says("Adas ord")
    theirs.says("Bens ord")
    ada.client.autosave(mine.look().form("/skriv"), {"words": "Adas utkast"})
    return mine, theirs


def letters(world: World) -> int:
    return world.rows("letter")


def ends(ada: Client, card: str, how: str = "quiet") -> None:
    ada.follow(ada.post(f"/kretsen/{card}/avsluta", {"how": how}))


class TestByRecords:
    def test_nothing_that_is_live_is_in_the_files(self, person: Person) -> None:
        made = str(files_of(person.lives(GOING_ON, LIVE, THEIRS)))
        for gone in ("4711", "hemligheten", "det forsta", "b" * 32):
            assert gone not in made
        assert "Satt en timme" in made and "Vad låste sig?" in made

    def test_elsewhere_it_is_over(self, person: Person, other_host: Person) -> None:
        outcome = other_host.reads_in(person.lives(GOING_ON, LIVE, THEIRS, UNSENT).export())
        assert (outcome.messages, outcome.drafts, outcome.here) == (2, 1, 0)
        assert list(other_host.holds().values()).count(TALK) == 1
        there = Conversation(other_host.db, other_host.drawer.keyring, PAIR, NOW)
        assert (there.name, there.closed, drafts.read(other_host.drawer, PAIR)) == (
            "Ben",
            "parted",
            UNSENT.text,
        )
        assert [(one.text, one.mine, one.edited) for one in there.thread().lines] == [
            (WRITTEN.text, True, False),
            (THEIRS.text, False, True),
        ]
        assert other_host.db.execute(select(Letter.id)).all() == []

    def test_where_it_came_from_it_stays_as_it_is(self, person: Person) -> None:
        before = person.lives(GOING_ON, LIVE, THEIRS, UNSENT).holds()
        assert person.reads_in(person.export()).is_nothing
        assert person.holds() == before

    @pytest.mark.parametrize("mine", [WRITTEN, THEIRS])
    def test_other_words_are_kept_beside(self, mine: Any, person: Person, other_host: Person) -> None:
        """Hard rule 8: both, and once; each in its week."""
        other = replace(mine, text="Annat", at=MORNING - timedelta(days=30))
        person.lives(replace(TALK, weeks=(talks.week_of(other.at),)), other)
        other_host.lives(TALK, mine)
        assert other_host.reads_in(person.export()).messages == 1
        there = Conversation(other_host.db, other_host.drawer.keyring, PAIR, NOW)
        assert [one.text for one in there.thread().lines] == ["Annat", mine.text]
        assert other_host.reads_in(person.export()).is_nothing

    def test_two_drafts_are_one_text(self, person: Person, other_host: Person) -> None:
        person.lives(TALK, WRITTEN, UNSENT)
        other_host.lives(TALK, replace(UNSENT, text="Mitt"))
        other_host.reads_in(person.export())
        assert other_host.holds()[drafts.draft_name(PAIR)].text == f"Mitt\n\n{UNSENT.text}"
        assert other_host.reads_in(person.export()).is_nothing

    def test_words_without_a_name_are_not_lost(self, person: Person, other_host: Person) -> None:
        """Only a file that was made by hand has none."""
        person.lives(WRITTEN)
        other_host.reads_in(person.export())
        assert other_host.holds()[talks.talk_name(PAIR)] == replace(TALK, name="?")

    @pytest.mark.parametrize("words", [WRITTEN, THEIRS], ids=lambda one: type(one).__name__)
    @pytest.mark.parametrize(
        "bad",
        [
            {"id": "x"}, {"id": "A" * 32}, {"pair": "../x"}, {"pair": ""}, {"text": ""}, {"text": "\0"},
            {"text": "x" * (LONGEST + 1)}, {"edition": 0}, {"edition": 10**9}, {"at": datetime(2026, 11, 19)},
            {"at": datetime(1850, 1, 1, tzinfo=UTC)}, {"at": NOW + timedelta(days=2)},
        ],
        ids=str,
    )  # fmt: skip
    def test_words_that_no_page_makes_are_refused(self, bad: dict[str, Any], words: Any) -> None:
        with pytest.raises(CannotRead):
            check_words(replace(words, **bad), READING)

    @pytest.mark.parametrize(
        "bad", [{"pair": "x"}, {"name": ""}, {"name": " \0\n"}, {"name": "x" * 201}], ids=str
    )
    def test_a_note_that_no_page_makes_is_refused(self, bad: dict[str, Any]) -> None:
        with pytest.raises(CannotRead):
            check_talk(replace(TALK, **bad), READING)

    @pytest.mark.parametrize("bad", [{"pair": "x"}, {"text": "x" * (10 * LONGEST + 1)}], ids=["pair", "text"])
    def test_a_draft_that_no_page_makes_is_refused(self, bad: dict[str, Any]) -> None:
        with pytest.raises(CannotRead):
            check_unsent(replace(UNSENT, **bad), READING)

    def test_what_a_file_says_of_letters_is_not_believed(self) -> None:
        """A hand-made file burns nothing, wakes nothing, opens nothing and makes no page slow."""
        assert check_words(LIVE, READING) == WRITTEN
        many = tuple(f"{year}-W{week:02d}" for year in range(1990, 2027) for week in range(1, 53))
        assert check_talk(replace(GOING_ON, weeks=many), READING) == Talk(pair=PAIR, name="Ben")
        assert check_talk(replace(TALK, name="B\0e\n n"), READING).name == "Be n"
        assert check_unsent(MessageDraft(pair=PAIR, text="a\0b"), READING).text == "ab"

    def test_what_was_taken_back_stays_so(self, person: Person) -> None:
        """As long as it can be put back it is in the bin, and a file brings no second one."""
        person.lives(*CONVERSATION)
        data = person.export()
        there = Conversation(person.db, person.drawer.keyring, PAIR, NOW)
        for one in (WRITTEN, THEIRS):
            there.remove(one.id)
            there.remove(one.id)
            assert person.reads_in(data).is_nothing
            assert there.put_back()
            assert person.reads_in(data).is_nothing


class TestByPages:
    def test_it_goes_along_whole(self, both: Both) -> None:
        ada, ben = both
        ben.says("Bens osorterade ord")
        made = files(ada.client)
        for words in ("Adas ord", "Bens ord", "Bens osorterade ord", "Adas utkast"):
            assert words in made["samtal.md"]
        assert "## Ben\n" in made["samtal.md"] and ": Jag\n" in made["samtal.md"]
        assert "Inget skickas till någon" in made["LAS-MIG.txt"]

    def test_where_somebody_shows_me_things_only_my_own_words_go(self, both: Both) -> None:
        """No bulk export of what others show (docs/vault.md): a contact takes along what they said."""
        _ada, ben = both
        made = str(files(ben.client))
        assert "Bens ord" in made and "## Ada L" in made
        assert "Adas" not in made

    def test_where_it_came_from_there_is_nothing_new(self, both: Both, world: World) -> None:
        ada, ben = both
        before, data = ada.reads(), download(ada.client)
        count = letters(world)
        assert "Det finns inget nytt i filen." in upload(ada.client, data).text
        assert ada.reads() == before
        assert ben.reads() == ["Ada L: Adas ord", "Jag: Bens ord"]
        assert letters(world) == count

    def test_on_another_host(self, both: Both, cleo: Client, world: World) -> None:
        """It stands as one that is over, can be read and taken away, and nobody is sent anything."""
        ada, _ben = both
        before, count = ada.reads(), letters(world)
        page = upload(cleo, download(ada.client))
        assert "Inget skickas till någon." in page.text and "Meddelanden 2" in page.text
        cleo.follow(cleo.send(page.form("Läs in")))
        assert letters(world) == count
        assert "Kontakten är avslutad. Det ni skrev finns kvar." in cleo.get("/prata").text
        there = cleo.get(ada.page)
        assert said(there) == before
        assert "Adas utkast" in there.text and "skickat" not in text_of(all_of(there.tree, "ol")[0])
        assert not [form for form in there.forms if form.action.endswith("/skriv")]
        cleo.post(f"{ada.page}/skriv", {"id": "a" * 32, "words": "Hej"}, status=422)
        for words in ("Adas ord", "Bens ord"):
            one = Talking(cleo, ada.pair).id_of(words)
            page = cleo.follow(cleo.send(cleo.get(f"{ada.page}/{one}").form("/bort")))
            assert words not in str(said(cleo.get(ada.page)))
            cleo.follow(cleo.send(page.form("/tillbaka")))
            assert said(cleo.get(ada.page)) == before
        assert letters(world) == count

    def test_what_was_edited_since_stands_beside_and_is_not_said_to_be_sent(
        self, both: Both, world: World
    ) -> None:
        """Two texts under one id; the one from the file lies with nobody, so it is neither sent, read nor changed."""
        ada, ben = both
        data = download(ada.client)
        one = ada.id_of("Adas ord")
        ada.client.send(ada.client.get(f"{ada.page}/{one}").form("/andra"), {"words": "Andra ord"})
        count = letters(world)
        read_in(ada.client, data)
        assert sorted(ada.reads()) == ["Ben: Bens ord", "Jag: Adas ord", "Jag: Andra ord"]
        beside = f"{ada.page}/{ada.id_of('Adas ord')}"
        assert not [form for form in ada.client.get(beside).forms if form.action.endswith("/andra")]
        page = ada.client.follow(ada.client.send(ada.client.get(beside).form("/bort")))
        ada.client.follow(ada.client.send(page.form("/tillbaka")))
        assert "Adas ord" in str(ada.reads())
        assert ben.reads() == ["Ada L: Andra ord", "Jag: Bens ord"]
        assert letters(world) == count

    def test_once_parted_it_is_the_same_file(self, both: Both) -> None:
        ada, _ben = both
        before = files(ada.client)
        ends(ada.client, ada.card)
        assert files(ada.client)["samtal.md"] == before["samtal.md"]
        assert files(ada.client)["samtal-andras-ord.json"] == before["samtal-andras-ord.json"]

    def test_a_contact_who_is_parted_with_keeps_no_draft(self, both: Both) -> None:
        ada, ben = both
        ben.client.autosave(ben.look().form("/skriv"), {"words": "Bens utkast"})
        assert "Bens utkast" in str(files(ben.client))
        ends(ada.client, ada.card, "told")
        ben.client.get("/prata")
        assert "samtal.md" not in files(ben.client)

    def test_a_draft_to_somebody_one_has_never_written_to(self, ada: Ada, ben: Client, cleo: Client) -> None:
        mine, _theirs = agree(ada.client, ben, "Ben")
        ada.client.autosave(mine.look().form("/skriv"), {"words": "Adas allra första"})
        assert "Adas allra första" in files(ada.client)["samtal.md"]
        read_in(cleo, download(ada.client))
        assert "Adas allra första" in cleo.get(cleo.get("/prata").link("Ben")).text

    def test_a_bad_name_moves_nothing_on_the_page(self, ada: Ada, ben: Client, cleo: Client) -> None:
        """A name from another script stands alone, from a file too."""
        mine, _theirs = agree(ada.client, ben, "مرحبا")
        mine.says("Hej")
        read_in(cleo, download(ada.client))
        for path in ("/prata", mine.page):
            assert "<bdi>مرحبا</bdi>" in cleo.get(path).html
