"""When something is told: quiet hours over the nights when the clocks change, what comes again, one for all."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.clock import here
from server.push.courier import Outcome
from server.push.timing import WAITS, attempt, is_quiet, is_time, last_time, next_time, settled
from server.vault.notices import ACTIVITY, KINDS, MESSAGE, REMINDER, Due, Notices
from tests.push.service import Browser
from tests.world import NOW, at

NIGHT = (21, 8)
PHONES = {"a": Browser("a").phone, "b": Browser("b").phone}
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda when: at(f"{when:%Y-%m-%d %H.%M}")
)
hours = st.integers(0, 23)


def due(id: str = "x", kind: str = REMINDER, when: datetime = NOW, **more: object) -> Due:
    return Due(id=id, kind=kind, at=when, **more)  # type: ignore[arg-type]


def row(*dues: Due, **more: object) -> Notices:
    return Notices(phones=PHONES, kinds=KINDS, due=dues, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "quiet"),
    [
        ("2026-11-19 20.59", False),
        ("2026-11-19 21.00", True),
        ("2026-11-20 07.59", True),
        ("2026-11-20 08.00", False),
        # the night to 29 March is an hour short, the night to 25 October an hour long: eight is eight
        ("2026-03-29 07.59", True),
        ("2026-03-29 08.00", False),
        ("2026-10-25 02.30", True),
        ("2026-10-25 07.59", True),
        ("2026-10-25 08.00", False),
    ],
)
def test_the_wall_clock_decides_what_is_night(when: str, quiet: bool) -> None:
    assert is_quiet(NIGHT, at(when)) is quiet


@given(st.tuples(hours, hours), moments)
def test_quiet_and_not_quiet_share_the_day_between_them(quiet: tuple[int, int], when: datetime) -> None:
    if quiet[0] == quiet[1]:
        assert not is_quiet(quiet, when)
    else:
        assert is_quiet(quiet, when) is not is_quiet((quiet[1], quiet[0]), when)


@given(st.tuples(hours, hours), moments)
def test_what_falls_in_the_night_is_told_when_it_ends_and_no_sooner(
    quiet: tuple[int, int], when: datetime
) -> None:
    notices = row(due(when=when), quiet=quiet)
    later = next(
        moment for step in range(26 * 60) if is_time(notices, moment := when + timedelta(minutes=step))
    )
    assert later == when or (here(later).hour, here(later).minute) == (quiet[1], 0)
    assert not is_quiet(quiet, later)


def test_a_time_that_comes_again_keeps_its_hour_when_the_clocks_change() -> None:
    daily = datetime(2026, 3, 27, 9)
    assert next_time(daily, "DAILY", at("2026-03-28 09.00")) == at("2026-03-29 09.00")
    assert next_time(daily, "DAILY", at("2026-03-29 09.00")) == at("2026-03-30 09.00")
    assert next_time(daily, "WEEKLY", at("2026-03-27 09.00")) == at("2026-04-03 09.00")
    assert next_time(daily, "", at("2026-03-27 08.59")) == at("2026-03-27 09.00")
    assert next_time(daily, "", at("2026-03-27 09.00")) is None
    # half past two does not exist on the 29th, and is there twice on 25 October
    assert next_time(datetime(2026, 3, 1, 2, 30), "DAILY", at("2026-03-28 12.00")) == at("2026-03-29 03.30")
    assert next_time(datetime(2026, 10, 1, 2, 30), "DAILY", at("2026-10-24 12.00")) == at("2026-10-25 02.30")


@given(moments, st.sampled_from(["", "DAILY", "WEEKLY"]), moments)
def test_the_last_time_and_the_next_meet_at_now(first: datetime, repeat: str, now: datetime) -> None:
    wall = here(first).replace(tzinfo=None)
    before, after = last_time(wall, repeat, now), next_time(wall, repeat, now)
    assert before is None or before <= now
    assert after is None or after > now
    if repeat and now >= first + timedelta(days=15):
        assert before and after
        assert after - before <= timedelta(days=7, hours=2)


def test_many_that_are_due_are_one_notice() -> None:
    many = row(*(due(str(number), kind) for number, kind in enumerate(KINDS * 5) if kind != MESSAGE))
    begun, go = attempt(many, NOW, ())
    assert go
    after = settled(begun, NOW, dict.fromkeys(PHONES, Outcome.SENT))
    assert after == Notices(phones=PHONES, kinds=KINDS)
    assert attempt(after, NOW, ()) == (after, False)


def test_what_has_been_read_or_is_too_late_or_is_not_wanted_is_not_told() -> None:
    read = row(due(kind=MESSAGE, letter=7))
    late = row(due(kind=ACTIVITY, until=NOW - timedelta(minutes=1)))
    other = Notices(phones=PHONES, kinds=(MESSAGE,), due=(due(),))
    for one in (read, late, other):
        after, go = attempt(one, NOW, ())
        assert (after.due, after.tries, go) == ((), 0, False)
    begun, go = attempt(read, NOW, {7})
    assert go and begun.due == read.due


def test_what_comes_again_waits_for_its_next_time() -> None:
    again = due(wall=here(NOW).replace(tzinfo=None), repeat="DAILY")
    begun, _go = attempt(row(again), NOW, ())
    (left,) = settled(begun, NOW, dict.fromkeys(PHONES, Outcome.SENT)).due
    assert left.at == NOW + timedelta(days=1)
    # not wanted just now: it waits all the same
    (kept,) = attempt(Notices(phones=PHONES, kinds=(MESSAGE,), due=(again,)), NOW, ())[0].due
    assert kept.repeat == "DAILY"


def test_it_is_tried_a_few_times_and_then_given_up() -> None:
    now, notices, tried = NOW, row(due(), quiet=(0, 0)), 0
    while True:
        begun, go = attempt(notices, now, ())
        if not go:
            break
        tried += 1
        assert not attempt(begun, now, ())[1], "another worker would begin the same"
        notices = settled(begun, now, dict.fromkeys(PHONES, Outcome.LATER))
        now += timedelta(hours=1)
    assert tried == len(WAITS) + 1
    assert (notices.due, notices.tries, notices.again) == ((), 0, None)


@pytest.mark.parametrize("other", [Outcome.GONE, Outcome.LATER, Outcome.REFUSED])
def test_one_phone_that_heard_it_is_enough_and_one_that_is_gone_goes(other: Outcome) -> None:
    begun, _go = attempt(row(due()), NOW, ())
    after = settled(begun, NOW, {"a": Outcome.SENT, "b": other})
    assert after.due == ()
    assert set(after.phones) == ({"a"} if other is Outcome.GONE else {"a", "b"})


def test_what_comes_while_it_is_sent_is_told_by_itself() -> None:
    begun, _go = attempt(row(due()), NOW, ())
    later = due("later", when=NOW + timedelta(seconds=6))
    meanwhile = Notices(phones=PHONES, kinds=KINDS, due=(*begun.due, later), tries=1, again=begun.again)
    assert settled(meanwhile, NOW, dict.fromkeys(PHONES, Outcome.SENT)).due == (later,)
