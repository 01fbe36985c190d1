"""Alarms go off at their instants, are told once, grouped, climb until acknowledged, and clear with their cause."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

import models.alarms
from data import alarming, alarms
from data.alarming import EVERY, look
from data.alarms import raise_alarm, set_ways
from data.audit import change
from models.alarms import Alarm, AlarmCause, AlarmKind, Cause, Deadline
from models.audit import COMMAND
from models.problems import BadValue, NotFound, NotPermitted
from tests.alarms import KNIFE, Alarmed
from tests.claims import minutes
from tests.rows import NOW, add_workspace, open_database, scope_of


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Alarmed(opened)
    opened.close()


@pytest.fixture(autouse=True)
def attended(monkeypatch):
    """Somebody watches all along: what happens where nobody does is in test_watch."""
    monkeypatch.setattr(alarming, "raise_unwatched", lambda *_: 0)
    monkeypatch.setattr(alarming, "next_look", lambda _db: None)


def raised(room, key="k", **facts):
    """An alarm of a rule, raised in a change of its own."""
    facts = {"kind": AlarmKind.RULE, "fell": room.now, **facts}
    with change(room.database, room.id, COMMAND, room.now) as c:
        found = raise_alarm(c, Cause(key=key, **facts))
        c.state("rule", "alarm", found)
    return found


def test_a_turn_is_due_soon_and_breached_at_its_very_instants(room):
    """Standard: four staffed hours from 14:30, office hours to 17:00: a third is left at 09:10, breached at 10:30."""
    room.post()
    morning = NOW.replace(day=24, hour=9, minute=0)
    for at, kinds in (
        (morning + minutes(10) - timedelta(microseconds=1), []),
        (morning + minutes(10), [("due soon", 1, True)]),
        (morning + minutes(90) - timedelta(microseconds=1), [("due soon", 1, True)]),
        (morning + minutes(90), [("due soon", 1, False), ("breached", 1, True)]),
    ):
        room.clock.now = at
        look(room.database, room.clock)
        look(room.database, room.clock)
        assert room.kinds() == kinds, at
    assert [one.lag for one in room.causes()] == [timedelta(0)] * 2
    room.answer("p1")
    assert room.kinds()[-1] == ("breached", 1, False), "an answer ends the alarm in its own transaction"
    with room.database.read() as db:
        assert db.scalars(select(Deadline)).all() == []


def test_the_chore_comes_again_at_the_next_instant_and_not_later_than_its_beat(room):
    assert look(room.database, room.clock) == EVERY
    room.post(KNIFE)
    room.after(minutes=3, seconds=18)
    assert look(room.database, room.clock) == timedelta(seconds=2), "Emergency: five minutes, a third of them left"
    assert room.meet(seconds=2) == 1


def test_two_hundred_alarms_in_a_minute_are_a_few_and_no_top_grade_is_lost(room):
    other = room.open_account("@hub")
    for number in range(20):
        room.post(
            ["The road is flooded"] * 9 + ([KNIFE] if number % 4 == 0 else []),
            account=(room.account, other)[number % 2],
        )
        room.after(seconds=3)
    assert room.meet(days=1) > 180
    found = room.alarms()
    assert sorted((one.kind, room.count(one.id)) for one in found if one.rank != 1) == [
        ("breached", 90),
        ("breached", 90),
    ]
    top = [one for one in found if one.rank == 1]
    assert sorted(one.kind for one in top) == ["breached"] * 5 + ["risk"] * 5
    assert len({one.conversation_id for one in top}) == 5, "each of the top grade stands alone, with its way"


def test_grouping_the_top_grade_away_would_be_seen(room, monkeypatch):
    """The planted fault."""
    for module in (alarms, models.alarms):
        monkeypatch.setattr(module, "TOP", 0)
    room.post([KNIFE] * 3)
    assert len(room.alarms()) < 3


def test_an_unacknowledged_alarm_climbs_on_time_and_an_acknowledged_one_does_not(room):
    ann, duty = room.hire("ann"), room.team("Duty officers")
    set_ways(room.database, room.id, {"duty_team_id": duty}, room.now, COMMAND)
    first, second = raised(room, "one", rank=1), raised(room, "two", rank=1)
    assert room.meet(minutes=5, microseconds=-1) == 0
    assert room.acknowledge(ann, second) == 1
    assert room.meet(microseconds=1) == 1
    assert room.meet(minutes=9, seconds=59) == 0
    assert room.meet(minutes=30) == 1, "late, and the step is called all the same"
    assert [(one.id, one.step, one.climbs) for one in room.alarms()] == [(first, 2, None), (second, 0, None)]
    assert room.meet(days=9) == 0


def test_a_ladder_that_forgets_is_seen(room, monkeypatch):
    """The planted fault: nothing climbs."""
    monkeypatch.setattr(alarms, "next_climb", lambda *_: None)
    raised(room, rank=1)
    assert room.meet(days=1) == 0


def test_a_cause_is_told_of_once_and_a_new_one_after_the_acknowledgement_is_a_new_alarm(room):
    ann = room.hire("ann")
    first = raised(room, "one")
    assert raised(room, "one") is None
    assert raised(room, "two") == first
    assert room.acknowledge(ann, first, first) == 1
    assert room.acknowledge(ann, first) == 0
    assert raised(room, "one") is None
    assert raised(room, "three") != first


def test_claiming_acknowledges_what_tells_of_that_conversation_alone(room):
    ann = room.hire("ann")
    room.post(KNIFE)
    (alarm,) = room.alarms()
    room.claim(ann, alarm.conversation_id)
    (alarm,) = room.alarms()
    assert (alarm.acknowledged_by, alarm.climbs) == (ann.user_id, None)


def test_nothing_crosses_a_workspace_and_only_who_claims_acknowledges(room):
    key = raised(room)
    south = add_workspace(room.database, "south")
    stranger = scope_of(south, room.hire("ann").user_id, slug="south")
    assert room.acknowledge(stranger, key) == 0
    assert room.alarms()[0].open
    with pytest.raises(NotPermitted):
        room.acknowledge(room.hire("eve", "Auditor"), key)
    with pytest.raises(NotFound):
        set_ways(room.database, south, {"duty_team_id": room.team("Duty")}, room.now, COMMAND)
    with pytest.raises(BadValue):
        set_ways(room.database, south, {"soon_share": 2}, room.now, COMMAND)


def test_a_cause_rolls_back_with_the_change_that_raised_it(room):
    with pytest.raises(RuntimeError), change(room.database, room.id, COMMAND, room.now) as c:
        raise_alarm(c, Cause(AlarmKind.RULE, "k", room.now))
        raise RuntimeError
    assert room.alarms() == []
    assert room.causes() == []


def test_what_is_with_a_partner_is_not_breached_while_its_clock_stands_still(room):
    from models.conversation import Conversation

    room.post()
    with change(room.database, room.id, COMMAND, room.now) as c:
        c.db.scalars(select(Conversation)).one().state = "with a partner"
        c.state("state", "conversation")
    assert room.meet(days=2) == 0
    with room.database.write() as db:
        db.execute(update(Deadline).values(look=room.now))
    with change(room.database, room.id, COMMAND, room.now) as c:
        c.db.scalars(select(Conversation)).one().state = "open"
        c.state("state", "conversation")
    assert room.meet(minutes=1) == 1
    with room.database.read() as db:
        assert db.scalars(select(AlarmCause.kind)).all() == ["breached"]
        assert db.scalars(select(Alarm.kind)).all() == ["breached"]
