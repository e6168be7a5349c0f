"""Who may what: every route has a guard, and every route is asked for by every kind of person."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest

from server.core import ids
from server.vault.sealing import Secret
from server.vault.ways_in import device_slot
from tests.accounts.acts import lock_for_real
from tests.client import Client, Page
from tests.people import MAYBE, OCTOBER, OTHERS, REMOVED, TODAY, TUESDAY, WORDS, Ada
from tests.world import World

GUARDS = {"open_to_all", "unlocked", "host"}
FREE = "0123456789abcdef" * 2  # an entry id that nobody has used
POSTED_ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)


@dataclass(frozen=True)
class Route:
    """A request and what it gives: Ada, somebody else with an account, somebody without."""

    method: str
    path: str
    owner: int
    stranger: int
    nobody: int
    fields: dict[str, Any] = field(default_factory=dict)


def everybody(method: str, path: str, status: int, **fields: Any) -> Route:
    return Route(method, path, status, status, status, fields)


def with_account(method: str, path: str, status: int, **fields: Any) -> Route:
    """Nobody is led to the first page, or keeps the text and is told."""
    return Route(method, path, status, status, 303 if method == "GET" else 401, fields)


def owner_only(method: str, path: str, status: int, **fields: Any) -> Route:
    """For anybody else there is nothing there."""
    return Route(method, path, status, 404, 303 if method == "GET" else 401, fields)


# One line for every rule in the map, under its endpoint. {tuesday} and so on are ids of Ada's.
MAP: dict[str, Route] = {
    "health": everybody("GET", "/healthz", 200),
    "live": everybody("GET", "/live", 204),  # without the bridge there is nothing to hold a stream with
    "today.today": everybody("GET", "/", 200),
    "today.ask": everybody("GET", "/svara", 200),
    "today.answer": Route("POST", "/svara", 303, 303, 422, {"form": "3", "id": FREE}),
    "today.not_today": everybody("GET", "/inte-idag", 200),
    "today.maybe": with_account("POST", f"/kanske/{MAYBE}", 303),
    "days.this_month": with_account("GET", "/dagar", 200),
    "days.month": with_account("GET", "/dagar/2026-11", 200),
    "days.month_list": with_account("GET", "/dagar/2026-11/lista", 200),
    "days.jump": with_account("GET", f"/dagar/till?dag={OCTOBER}", 303),
    "days.day": with_account("GET", f"/dagar/{TUESDAY}", 200),
    "days.new": with_account("GET", f"/dagar/{TUESDAY}/ny", 200),
    "days.entry": owner_only("GET", f"/dagar/{TUESDAY}/{{tuesday}}", 200),
    "days.save": owner_only("POST", f"/dagar/{TUESDAY}/{{tuesday}}", 303, edition="1", words="annat"),
    "days.keep_draft": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/utkast", 204, edition="0", words="x"),
    "days.fetch_draft": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/utkast/tillbaka", 303),
    "days.undo_text": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/angra-text", 303),
    "days.drop_draft": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/utkast/bort", 303),
    "days.removed": with_account("GET", "/dagar/borttaget", 200),
    "days.ask_destroy": owner_only("GET", "/dagar/borttaget/{removed}/for-gott", 200),
    "days.put_back": owner_only("POST", "/dagar/borttaget/{removed}/tillbaka", 303),
    "days.destroy": with_account("POST", f"/dagar/borttaget/{FREE}/for-gott", 303),
    "circle.choose": with_account("POST", f"/kretsen/{FREE}/valj", 404, how="this"),
    "ball.choose": with_account("POST", f"/kretsen/bollen/{FREE}/valj", 404, how="this"),
    "days.choose": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/valj", 404, how="both"),
    "days.undo": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/angra", 303),
    "days.take_away": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/bort", 303),
    "days.maybe_not": with_account("POST", f"/dagar/{TODAY}/kanske/{MAYBE}/bort", 303),
    "plan.plan": with_account("GET", "/plan", 200),
    "plan.goals": with_account("GET", "/plan/mal", 200),
    "plan.rest": with_account("POST", "/plan/vila", 303),
    "plan.wake": with_account("POST", "/plan/vila/bort", 303),
    "plan.life_map": with_account("GET", "/plan/kartan", 200),
    "plan.bit": with_account("GET", "/plan/kartan/bit?vilken=hem:care", 200),
    "plan.answer_bit": with_account("POST", "/plan/kartan/bit", 303, bit="vardag:now", how="save", text="x"),
    "plan.tries": with_account("GET", "/plan/forsok", 200),
    "plan.try_again": owner_only("POST", "/plan/forsok/{try}/igen", 303, id=FREE),
    "plan.gather_days": owner_only("POST", "/plan/forsok/{try}/dagar", 303),
    "plan.summary": owner_only("GET", "/plan/forsok/{try}/sammanfattning", 200),
    "plan.obstacles": with_account("GET", "/plan/hinder", 200),
    "plan.give_ball": owner_only("POST", "/plan/hinder/{obstacle}/bollen", 303, actor="me", on=TODAY),
    "plan.ways_forward": with_account("GET", "/plan/vagar?fran=oppen-fika", 200),
    "items.page": owner_only("GET", "/plan/mal/{goal}", 200),
    "items.new": with_account("GET", "/plan/steg/ny?goal={goal}", 200),
    "items.edit": owner_only("GET", "/plan/steg/{step}/andra", 200),
    "items.save": owner_only("POST", "/plan/steg/{step}/andra", 303, edition="1", title="annat"),
    "items.keep_draft": with_account("POST", f"/plan/steg/{FREE}/utkast", 204, edition="0", title="x"),
    "items.fetch_draft": with_account("POST", f"/plan/steg/{FREE}/utkast/tillbaka", 303),
    "items.drop_draft": with_account("POST", f"/plan/steg/{FREE}/utkast/bort", 303),
    "items.tap": owner_only("POST", "/plan/steg/{step}/satt", 303, state="trying"),
    "items.undo": owner_only("POST", "/plan/steg/{step}/angra/1", 303),
    "items.earlier": owner_only("GET", "/plan/steg/{step}/tidigare", 200),
    "items.restore": owner_only("POST", "/plan/mal/{goal}/tidigare/0", 303, edition="2"),
    "items.choose": owner_only("POST", "/plan/steg/{step}/valj", 303, how="both", edition="1"),
    "items.move": owner_only("POST", "/plan/mal/{goal}/flytta", 303, vart="upp"),
    "items.take_away": with_account("POST", f"/plan/steg/{FREE}/bort", 303),
    "items.put_back": owner_only("POST", "/plan/steg/{gone_step}/tillbaka", 303),
    "items.removed": with_account("GET", "/plan/borttaget", 200),
    "items.ask_destroy": owner_only("GET", "/plan/steg/{gone_step}/for-gott", 200),
    "items.destroy": with_account("POST", f"/plan/steg/{FREE}/for-gott", 303),
    "circle.circle": with_account("GET", "/kretsen", 200),
    "circle.new": with_account("GET", "/kretsen/ny", 200),
    "circle.card": owner_only("GET", "/kretsen/{card}", 200),
    "circle.edit": owner_only("GET", "/kretsen/{card}/andra", 200),
    "circle.save": owner_only("POST", "/kretsen/{card}/andra", 303, edition="1", name="annat"),
    "circle.undo": with_account("POST", f"/kretsen/{FREE}/angra/1", 303),
    "circle.make_main": owner_only("POST", "/kretsen/{card}/huvudkontakt", 303),
    "circle.not_main": owner_only("POST", "/kretsen/{card}/huvudkontakt/bort", 303),
    "circle.take_away": with_account("POST", f"/kretsen/{FREE}/bort", 303),
    "circle.removed": with_account("GET", "/kretsen/borttaget", 200),
    "circle.put_back": owner_only("POST", "/kretsen/borttaget/{gone_card}/tillbaka", 303),
    "circle.ask_destroy": owner_only("GET", "/kretsen/borttaget/{gone_card}/for-gott", 200),
    "circle.destroy": with_account("POST", f"/kretsen/borttaget/{FREE}/for-gott", 303),
    "giving.start": Route("POST", "/lamna/ny", 303, 404, 401, {"item": f"day/{TUESDAY}"}),
    "giving.what": owner_only("GET", "/lamna/{handing}", 200),
    "giving.chose_what": owner_only("POST", "/lamna/{handing}", 303, **{"0-what": "form"}),
    "giving.more": owner_only("GET", "/lamna/{handing}/fler", 200),
    "giving.add": owner_only("POST", "/lamna/{handing}/fler", 303, item=f"day/{OCTOBER}"),
    "giving.who": owner_only("GET", "/lamna/{handing}/vem", 200),
    "giving.chose_who": owner_only(
        "POST", "/lamna/{handing}/vem", 303, card="paper", paper_name="x", paper_hat="support"
    ),
    "giving.why": owner_only("GET", "/lamna/{handing}/varfor", 200),
    "giving.chose_why": owner_only("POST", "/lamna/{handing}/varfor", 422, purpose=""),
    "giving.see": owner_only("GET", "/lamna/{handing}/se", 200),
    "giving.hand_over": owner_only("POST", "/lamna/{handing}/se", 303),
    "giving.given": with_account("GET", f"/lamna/klart/{FREE}", 404),
    "giving.print_out": owner_only("POST", "/lamna/{handing}/skriv-ut", 422),
    "giving.show": owner_only("POST", "/lamna/{handing}/visa", 422),
    "giving.only_me": owner_only("POST", "/lamna/{handing}/bort", 303),
    "giving.again": Route("POST", "/lamna/igen", 404, 404, 401, {"handed": FREE}),
    "money.money": with_account("GET", "/plan/pengar", 200),
    "safety.bit": with_account("GET", "/plan/krisplan/bit", 200),
    "safety.answer_bit": with_account("POST", "/plan/krisplan/bit", 303, bit="signs", text="", how="save"),
    "safety.show_here": with_account("POST", "/plan/krisplan/visa", 303),
    "safety.hide_here": with_account("POST", "/plan/krisplan/visa/inte", 303),
    "safety.hide_everywhere": with_account("POST", "/plan/krisplan/visa/ingenstans", 303),
    "safety.open_plan": everybody("GET", "/krisplan", 404),  # no phone here shows one
    "holding.stop_one": owner_only("POST", f"/kretsen/{{card}}/sluta/{FREE}", 303),
    "holding.stop_all": owner_only("POST", "/kretsen/{card}/sluta", 303),
    "holding.give_again": owner_only("POST", f"/kretsen/{{card}}/sluta/{FREE}/angra", 422),
    "holding.stop_everything": with_account("POST", "/kretsen/sluta-allt", 303),
    "holding.give_everything_again": with_account("POST", f"/kretsen/sluta-allt/{FREE}/angra", 303),
    "holding.ask_end": owner_only("GET", "/kretsen/{card}/avsluta", 200),
    "holding.end": owner_only("POST", "/kretsen/{card}/avsluta", 303, how="quiet"),
    "holding.somebody_new": owner_only("POST", "/kretsen/{card}/ny-person", 303, id=FREE, name="Petra"),
    "holding.answer": with_account("POST", f"/kretsen/hort/{FREE}/{FREE}", 404, answer="yes"),
    "holding.take_away": with_account("POST", f"/kretsen/hort/{FREE}/{FREE}/bort", 303),
    "holding.put_back": with_account("POST", f"/kretsen/hort/{FREE}/{FREE}/tillbaka", 303),
    "holding.said": with_account("GET", "/kretsen/sagt", 200),
    "holding.opened": with_account("GET", "/kretsen/oppnat", 200),
    "holding.opened_as_file": with_account("GET", "/kretsen/oppnat.csv", 200),
    "ball.new": with_account("GET", "/kretsen/bollen/ny?vem={card}", 200),
    "ball.closed": with_account("GET", "/kretsen/bollen/avslutade", 200),
    "ball.matter": owner_only("GET", "/kretsen/bollen/{matter}", 200),
    "ball.edit": owner_only("GET", "/kretsen/bollen/{matter}/andra", 200),
    "ball.save": owner_only("POST", "/kretsen/bollen/{matter}/andra", 303, edition="1", title="annat"),
    "ball.pass_on": owner_only("GET", "/kretsen/bollen/{matter}/vidare", 200),
    "ball.passed": owner_only("POST", "/kretsen/bollen/{matter}/vidare", 303, id=FREE, actor="me"),
    "ball.note": owner_only("POST", "/kretsen/bollen/{matter}/hande", 303, id=FREE, what="annat"),
    "ball.asked": owner_only("POST", "/kretsen/bollen/{matter}/fragat", 303, id=FREE),
    "ball.rest": owner_only("POST", "/kretsen/bollen/{matter}/vila", 303),
    "ball.wake": owner_only("POST", "/kretsen/bollen/{matter}/vila/bort", 303),
    "ball.close": owner_only("POST", "/kretsen/bollen/{matter}/avsluta", 303),
    "ball.reopen": owner_only("POST", "/kretsen/bollen/{matter}/avsluta/bort", 303),
    "ball.undo": with_account("POST", f"/kretsen/bollen/{FREE}/angra/1", 303),
    "ball.take_away": with_account("POST", f"/kretsen/bollen/{FREE}/bort", 303),
    "ball.put_back": owner_only("POST", "/kretsen/bollen/{gone_matter}/tillbaka", 303),
    "inviting.invite": owner_only("GET", "/kretsen/{card}/bjud-in", 200),
    "inviting.invited": owner_only("POST", "/kretsen/{card}/bjud-in", 422),
    "inviting.stamp": owner_only("GET", "/kretsen/{card}/bjud-in/stampel", 200),
    "inviting.cancel": owner_only("POST", "/kretsen/{card}/bjud-in/avbryt", 303),
    "inviting.confirm": owner_only("POST", "/kretsen/{card}/bjud-in/ja", 303),
    "inviting.words": owner_only("GET", "/kretsen/{card}/tre-ord", 303),
    "inviting.compared": owner_only("POST", "/kretsen/{card}/tre-ord", 303),
    "inviting.invitation": everybody("GET", "/bjuden/" + "A" * 43, 200),
    "inviting.accept": everybody("POST", "/bjuden/" + "A" * 43, 422, name="N", code="123456"),
    "noting.account": owner_only("GET", "/kretsen/{card}/dagbok", 200),
    "noting.edit": owner_only("GET", "/kretsen/{card}/dagbok/{note}", 200),
    "noting.save": owner_only("POST", "/kretsen/{card}/dagbok/{note}", 303, edition="1", what="annat"),
    "noting.undo": with_account("POST", f"/kretsen/{FREE}/dagbok/{FREE}/angra/1", 303),
    "noting.take_away": with_account("POST", f"/kretsen/{FREE}/dagbok/{FREE}/bort", 303),
    "noting.put_back": owner_only("POST", "/kretsen/dagbok/{gone_note}/tillbaka", 303),
    "story.page": with_account("GET", "/kretsen/mot-mig", 200),
    "story.edit": with_account("GET", "/kretsen/mot-mig/andra", 200),
    "story.save": with_account("POST", "/kretsen/mot-mig/andra", 303, edition="0", wishes="x"),
    "story.undo": with_account("POST", "/kretsen/mot-mig/angra/1", 303),
    # What a host and a peer may is looked after in tests/hosts and tests/messages: here nobody is either.
    "hosts.link": everybody("GET", "/vard/ny/" + "A" * 43, 200),
    "hosts.accept": everybody("POST", "/vard/ny/" + "A" * 43, 422),
    "hosts.home": with_account("GET", "/vard", 404),
    "hosts.about": with_account("GET", "/vard/om", 404),
    "hosts.tell": with_account("POST", "/vard/om", 404, name="x"),
    "hosts.invite": with_account("GET", "/vard/bjud-in", 404),
    "hosts.invited": with_account("POST", "/vard/bjud-in", 404, id=FREE, name="x", role="peer", how="room"),
    "hosts.waiting": with_account("GET", f"/vard/bjud-in/{FREE}", 404),
    "hosts.stamp": with_account("GET", f"/vard/bjud-in/{FREE}/stampel", 404),
    "hosts.cancel": with_account("POST", f"/vard/bjud-in/{FREE}/avbryt", 404),
    "hosts.confirm": with_account("POST", f"/vard/bjud-in/{FREE}/ja", 404),
    "hosts.take_off": with_account("POST", f"/vard/lista/{FREE}/bort", 404),
    "hosts.put_back": with_account("POST", f"/vard/lista/{FREE}/tillbaka", 404),
    "peers.own": with_account("GET", "/prata/min-sida", 200),
    "peers.tell": with_account("POST", "/prata/min-sida", 404, name="x"),
    "peers.preview": with_account("GET", "/prata/min-sida/se", 404),
    "peers.publish": with_account("POST", "/prata/min-sida/visa", 404),
    "peers.take_down": with_account("POST", "/prata/min-sida/dolj", 404),
    "peers.ask_resign": with_account("GET", "/prata/min-sida/sluta", 404),
    "peers.resign": with_account("POST", "/prata/min-sida/sluta", 404),
    "peers.asks": with_account("GET", "/prata/fragor", 200),
    "peers.say_yes": with_account("POST", f"/prata/fragor/{FREE}/ja", 404),
    "peers.say_no": with_account("POST", f"/prata/fragor/{FREE}/nej", 404, words="x"),
    "peers.everyone": with_account("GET", "/prata/kamrater", 200),
    "peers.peer": with_account("GET", f"/prata/kamrater/{FREE}", 404),
    "peers.ask": with_account("POST", f"/prata/kamrater/{FREE}", 404, id=FREE, called="x", words="x"),
    "peers.withdraw": with_account("POST", f"/prata/fragat/{FREE}/ta-tillbaka", 303),
    "peers.put_away": with_account("POST", f"/prata/fragat/{FREE}/last", 303),
    # What somebody in the circle may is looked after in tests/shared: here nobody shows anybody anything.
    "shared.roster": with_account("GET", "/delat", 200),
    "shared.welcome": everybody("GET", "/delat/valkommen", 200),
    "shared.seen_goodbyes": with_account("POST", "/delat/avsked", 303),
    "shared.choose_home": with_account("POST", "/delat/hem", 303),
    "shared.about_me": with_account("GET", "/delat/om-mig", 200),
    "shared.present": with_account("POST", "/delat/om-mig", 303, edition="0", who="x"),
    "shared.present_as_before": with_account("POST", "/delat/om-mig/angra/1", 303),
    "shared.person": with_account("GET", f"/delat/{FREE}", 404),
    "shared.stamp": with_account("GET", f"/delat/{FREE}/stampel", 404),
    "shared.open_copies": with_account("POST", f"/delat/{FREE}/oppna", 404, copy="alla"),
    "shared.acknowledge": with_account("POST", f"/delat/{FREE}/last", 404, copy="1", by="none"),
    "shared.ask": with_account("POST", f"/delat/{FREE}/fraga", 404, id=FREE, words="x"),
    "shared.suggest": with_account("POST", f"/delat/{FREE}/forslag", 404, id=FREE, words="x"),
    "shared.words": with_account("GET", f"/delat/{FREE}/ord", 404),
    "shared.ask_leave": with_account("GET", f"/delat/{FREE}/sluta", 404),
    "shared.leave": with_account("POST", f"/delat/{FREE}/sluta", 404),
    # Who may write to whom is looked after in tests/messages and test_together: here nobody has met anybody.
    "messages.all_talks": with_account("GET", "/prata", 200),
    "messages.talk": with_account("GET", f"/prata/{FREE}", 404),
    "messages.fresh": with_account("GET", f"/prata/{FREE}/nytt", 404),
    "messages.send": with_account("POST", f"/prata/{FREE}/skriv", 404, id=FREE, words="x"),
    "messages.keep_draft": with_account("POST", f"/prata/{FREE}/utkast", 404, words="x"),
    "messages.message": with_account("GET", f"/prata/{FREE}/{FREE}", 404),
    "messages.edit": with_account("POST", f"/prata/{FREE}/{FREE}/andra", 404, words="x"),
    "messages.remove": with_account("POST", f"/prata/{FREE}/{FREE}/bort", 404),
    "messages.put_back": with_account("POST", f"/prata/{FREE}/tillbaka", 404),
    "messages.take_messages": with_account("POST", f"/prata/{FREE}/ta-emot", 404, yes="1"),
    "messages.guidance": with_account("GET", "/prata/nar-det-ar-svart", 200),
    "reporting.ask": with_account("GET", f"/prata/{FREE}/anmal", 404),
    "reporting.send": with_account("POST", f"/prata/{FREE}/anmal", 404, id=FREE, words="x"),
    "reporting.take_back": with_account("POST", f"/prata/{FREE}/anmal/{FREE}/ta-tillbaka", 303),
    "reporting.received": with_account("GET", "/prata/anmalningar", 404),
    "reporting.dealt_with": with_account("POST", "/prata/anmalningar/1/klar", 404),
    "handing_on.colleagues": with_account("GET", f"/prata/{FREE}/kollega", 404),
    "handing_on.suggest": with_account("POST", f"/prata/{FREE}/kollega", 404, to=FREE),
    "handing_on.ask_on": with_account("GET", f"/prata/{FREE}/vidare", 404),
    "handing_on.asked_on": with_account("POST", f"/prata/{FREE}/vidare", 404, id=FREE, name="x"),
    "handing_on.not_on": with_account("POST", f"/prata/{FREE}/vidare/nej", 404),
    "boundaries.boundaries": with_account("GET", f"/prata/{FREE}/granser", 404),
    "boundaries.pause": with_account("POST", f"/prata/{FREE}/pausa", 404),
    "boundaries.go_on": with_account("POST", f"/prata/{FREE}/fortsatt", 404),
    "boundaries.block": with_account("POST", f"/prata/{FREE}/blockera", 404),
    "boundaries.unblock": with_account("POST", f"/prata/{FREE}/oppna-igen", 404),
    "activities.all_activities": everybody("GET", "/aktiviteter", 200),
    "activities.activity": everybody("GET", "/aktiviteter/oppen-fika", 200),
    "activities.not_for_me": with_account("POST", "/aktiviteter/oppen-fika/inte-for-mig", 303),
    "activities.for_me": with_account("POST", "/aktiviteter/oppen-fika/for-mig", 303),
    "telling.whole": with_account("GET", "/plan/berattelse", 200),
    "telling.gather": with_account("GET", "/plan/bild/hamta", 200),
    "telling.take": with_account(
        "POST", "/plan/bild/hamta", 404, to="strengths", line=f"day/{TUESDAY}/{FREE}/done"
    ),
    "help.help_page": everybody("GET", "/hjalp", 200),
    "pwa.manifest": everybody("GET", "/manifest.webmanifest", 200),
    "phone.offline": everybody("GET", "/utan-nat", 200),
    "phone.reading": with_account("GET", "/mitt/utan-nat", 200),
    "phone.copy": with_account("GET", "/mitt/utan-nat/kopia", 200),
    "phone.unsaved": with_account("GET", "/mitt/inte-sparat", 200),
    "phone.save_again": with_account("POST", f"/mitt/inte-sparat/{FREE}/igen", 303),
    "phone.throw_away": with_account("POST", f"/mitt/inte-sparat/{FREE}/ta-bort", 303),
    "outbox.take": Route("POST", "/utkorg", 400, 400, 400),
    "pwa.home_screen": everybody("GET", "/hemskarm", 200),
    "help.about": everybody("GET", "/sa-funkar-det", 200),
    "help.clock_face": everybody("GET", "/klocka", 200),
    "help.hide": everybody("POST", "/gom", 303),
    "help.come_back": everybody("POST", "/klocka", 303),
    # A link that opens nothing leads whoever has a key in the browser to the first page.
    "accounts.link": Route("GET", "/in/" + "A" * 43, 303, 303, 200),
    # Who has a key in the browser is asked first, whatever the link.
    "accounts.use_link": Route("POST", "/in/" + "A" * 43, 200, 200, 422),
    "accounts.unlock": everybody("GET", "/nyckel", 200),
    "accounts.by_passkey": everybody("POST", "/nyckel/passnyckel", 422),
    "accounts.by_card": everybody("POST", "/nyckel/kort", 422, card="A" * 36),
    "accounts.by_code": everybody("POST", "/nyckel/kod", 422, code="1234"),
    "accounts.borrow": everybody("POST", "/lanad-dator", 303, on="1"),
    "accounts.lock": with_account("POST", "/las", 303),
    "accounts.ask_sign_out": with_account("GET", "/logga-ut", 200),
    "accounts.sign_out": with_account("POST", "/logga-ut", 200),
    "keys.ways": with_account("GET", "/mitt/nycklar", 200),
    "keys.new_passkey": with_account("GET", "/mitt/nycklar/passnyckel", 200),
    "keys.made_passkey": with_account("POST", "/mitt/nycklar/passnyckel", 422),
    "keys.tried_passkey": with_account("POST", "/mitt/nycklar/passnyckel/prova", 422),
    "keys.new_card": with_account("POST", "/mitt/nycklar/kort", 200),
    "keys.type_card_back": with_account("GET", "/mitt/nycklar/kort/bekrafta", 200),
    "keys.typed_card_back": with_account("POST", "/mitt/nycklar/kort/bekrafta", 422, card="A" * 36),
    "keys.used_card": with_account("GET", "/mitt/nycklar/kort/anvant", 200),
    "keys.new_code": with_account("GET", "/mitt/nycklar/kod", 200),
    "keys.chosen_code": with_account("POST", "/mitt/nycklar/kod", 422),
    "keys.other_phone": with_account("POST", "/mitt/nycklar/telefon", 200),
    # The last one: its owner is asked once more.
    "keys.remove": owner_only("POST", "/mitt/nycklar/{device}/bort", 200),
    "keys.undo_remove": with_account("POST", "/mitt/nycklar/{device}/angra", 303),
    "keys.choose_idle": with_account("POST", "/mitt/nycklar/las", 303, minutes="5"),
    "push.page": with_account("GET", "/mitt/notiser", 200),
    "push.save": with_account("POST", "/mitt/notiser", 422, **{"from": "21", "to": "8"}),
    "push.off": with_account("POST", "/mitt/notiser/av", 303),
    "push.renew": everybody("POST", "/mitt/notiser/byt", 400),
    "push.add": with_account(
        "POST", "/mitt/notiser/paminnelse", 303, id=FREE, words="x", day="2026-12-24", time="09:00"
    ),
    "push.remove": with_account("POST", f"/mitt/notiser/paminnelse/{FREE}/bort", 303),
    "push.put_back": with_account("POST", f"/mitt/notiser/paminnelse/{FREE}/tillbaka", 303),
    "push.put_away": with_account("POST", f"/mitt/notiser/paminnelse/{FREE}/last", 303),
    "push.activity": with_account("GET", "/mitt/notiser/aktivitet/oppen-fika", 200),
    "push.watch": with_account("POST", "/mitt/notiser/aktivitet/oppen-fika", 303, id=FREE[::-1], hours="1"),
    "mine.mine": with_account("GET", "/mitt", 200),
    "mine.everything": with_account("GET", "/mitt/allt.zip", 200),
    "mine.read_in": with_account("GET", "/mitt/las-in", 200),
    "mine.upload": with_account("POST", "/mitt/las-in", 422),
    "mine.waiting": with_account("GET", "/mitt/las-in/fil", 404),
    "mine.lay_in": with_account("POST", "/mitt/las-in/fil", 404),
    "mine.throw_away": with_account("POST", "/mitt/las-in/fil/slang", 303),
    "mine.ask_delete": with_account("GET", "/mitt/ta-bort", 200),
    # The last one: afterwards there is nobody left to ask.
    "mine.delete": everybody("POST", "/mitt/ta-bort", 303),
}


def ask(client: Client, route: Route, status: int, ada: Ada) -> Page:
    path = address(route, ada)
    if route.method == "GET":
        return client.get(path, status=status)
    return client.post(path, route.fields, status=status)


def address(route: Route, ada: Ada) -> str:
    device = device_slot(Secret.from_text(ada.client.cookies()["__Host-d"])).hex()
    return route.path.format(**names(ada), device=device)


def names(ada: Ada) -> dict[str, str]:
    return {"tuesday": ada.entries[TUESDAY], "removed": ada.entries[REMOVED], **ada.circle, **ada.plan}


def leaked(page: Page) -> list[str]:
    """The words of Ada's that stand in an answer, in whatever form it comes."""
    files = [page.body]
    if is_zipfile(BytesIO(page.body)):
        with ZipFile(BytesIO(page.body)) as zipped:
            files += [zipped.read(name) for name in zipped.namelist()]
    return [word for word in WORDS.values() if any(word.encode() in file for file in files)]


def test_every_route_has_one_guard(world: World) -> None:
    """Everything is closed, and opened by an explicit line (architecture.md)."""
    for rule in world.app.url_map.iter_rules():
        view = world.app.view_functions[rule.endpoint]
        assert getattr(view, "guard", None) in GUARDS, f"{rule.rule} has no guard"


def test_the_table_knows_every_route(world: World) -> None:
    """A route that is not in the table has not been thought about."""
    assert {rule.endpoint for rule in world.app.url_map.iter_rules()} == set(MAP)


@pytest.mark.parametrize("endpoint", MAP)
def test_the_owner(endpoint: str, ada: Ada) -> None:
    ask(ada.client, MAP[endpoint], MAP[endpoint].owner, ada)


@pytest.mark.parametrize("who", OTHERS)
def test_others_with_an_account_learn_nothing(who: str, world: World, ada: Ada) -> None:
    """Hard rules 1 and 2: the same 404 as for what was never there, and not one of Ada's words."""
    client = world.person(who)
    for route in MAP.values():
        assert not leaked(ask(client, route, route.stranger, ada))
    assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text
    assert WORDS["removed"] in ada.client.get("/dagar/borttaget").text
    assert WORDS["card"] in ada.client.get("/kretsen").text
    half_done = {WORDS["purpose"], WORDS["frame"]}  # nothing has been handed over yet
    assert set(leaked(ada.client.get("/mitt/allt.zip"))) == set(WORDS.values()) - half_done


@pytest.mark.parametrize("endpoint", MAP)
def test_signed_out(endpoint: str, visitor: Client, ada: Ada) -> None:
    page = ask(visitor, MAP[endpoint], MAP[endpoint].nobody, ada)
    assert not leaked(page)
    if page.status == 303 and MAP[endpoint].nobody != MAP[endpoint].owner:
        assert page.location == "/"


def test_a_locked_phone_opens_nothing(ada: Ada) -> None:
    """Ada's own phone after the lock: whoever holds it is led to the door, or keeps the text, and learns nothing."""
    lock_for_real(ada.client)
    for endpoint, route in MAP.items():
        fields, path = list(route.fields.items()), address(route, ada)
        page = ada.client.look(path) if route.method == "GET" else ada.client.submit(path, fields)
        assert not leaked(page), endpoint
        if route.nobody == 401:
            assert page.status == 401 or page.location == "/nyckel?sparat=1", endpoint
        elif route.method == "GET" and route.nobody == 303:
            assert page.location.startswith("/nyckel?vidare="), endpoint
        else:
            assert page.status in (200, 204, 303, 401, 422, route.owner), endpoint
        ada.client.lose("__Host-g")


@pytest.mark.parametrize(
    "path",
    [
        *(f"/dagar/{TUESDAY}/{{}}", "/dagar/borttaget/{}/for-gott", "/kretsen/{}", "/kretsen/bollen/{}"),
        *(
            "/plan/mal/{}",
            "/plan/steg/{}/andra",
            "/plan/forsok/{}/tidigare",
            "/plan/steg/{}/for-gott",
            "/plan/{}/x",
        ),
    ],
)
def test_a_strangers_404_is_like_any_other(path: str, ada: Ada, cleo: Client) -> None:
    """Byte for byte and header for header (hard rule 2)."""
    cleo.get("/")
    theirs = [cleo.get(path.format(thing), status=404) for thing in names(ada).values()]
    missing = cleo.get(path.format(FREE), status=404)
    assert all(page.body == missing.body for page in theirs)
    assert all(page.headers == missing.headers for page in theirs)


def test_two_worlds_that_differ_in_one_private_entry_look_the_same(world: World, ada: Ada) -> None:
    """vault.md, rule 9: the same acts in both worlds, and then one more of Ada's; everybody else's pages stay."""
    others = {name: world.person(name) for name in OTHERS} | {"nobody": world.visitor()}

    def everything() -> dict[str, bytes]:
        with world.app.extensions["session_database"].write() as db:
            db.exec_driver_sql("DELETE FROM challenge")  # the same questions can be asked again
        with ids.seeded("the same"):
            return {
                f"{name} {route.path}": client.look(route.path.format(**dict.fromkeys(names(ada), FREE))).body
                for name, client in others.items()
                for route in MAP.values()
                if route.method == "GET"
            }

    everything()  # each has been here once: the first page of all is another
    before = everything()
    ada.client.post(f"/dagar/{TUESDAY}/{FREE}", {"edition": "0", "level": "5", "words": "hemligt"})
    ada.client.post(f"/kanske/{MAYBE}")
    ada.client.post("/aktiviteter/tidningen/inte-for-mig")
    ada.client.post(f"/kretsen/{FREE}/andra", {"edition": "0", "name": "hemlig"})
    ada.client.post(f"/kretsen/bollen/{FREE}/andra", {"edition": "0", "title": "hemligt", "actor": FREE})
    ada.client.post(f"/plan/steg/{FREE}/andra", {"edition": "0", "title": "hemligt"})
    ada.client.post(f"/plan/steg/{ada.plan['step']}/satt", {"state": "done"})
    ada.client.get("/")
    after = everything()
    assert [what for what in before if before[what] != after[what]] == []


def test_asking_for_the_head_only_is_the_same_answer(world: World, ada: Ada) -> None:
    for route in MAP.values():
        if route.method == "GET":
            path = route.path.format(**names(ada))
            assert ada.client.head(path) == route.owner, path


@pytest.mark.parametrize("headers", POSTED_ELSEWHERE, ids=str)
def test_posts_from_other_sites_are_refused(headers: dict[str, str], ada: Ada) -> None:
    """A form on another site cannot act as Ada."""
    before = ada.client.get("/dagar").body
    for route in MAP.values():
        if route.method == "POST":
            ada.client.post(address(route, ada), route.fields, status=403, headers=headers)
    assert ada.client.get("/dagar").body == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {},
    ],
    ids=str,
)
def test_posts_from_our_own_pages_are_taken(headers: dict[str, str], someone: Client) -> None:
    someone.post("/svara", {"form": "5", "id": FREE}, headers=headers)
    assert "Lätt dag" in someone.get("/").text


def test_flasks_own_cookie_carries_nothing(world: World, ada: Ada) -> None:
    """There is none: without a secret key Flask could not even write one."""
    assert world.app.secret_key is None
    assert ada.client.cookie("session") is None


def test_a_used_link_and_a_made_up_link_look_the_same(visitor: Client) -> None:
    bodies = {visitor.post(f"/in/{'A' * 43}", status=422).body, visitor.post("/in/x", status=422).body}
    assert len(bodies) == 1
