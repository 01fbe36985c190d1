"""An expert is asked for: one is called, then the next at the very instant, until somebody takes it or none is left."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import alarming
from data.alarms import acknowledge
from data.alerts import add_destination
from data.asking import acknowledge_ask, ask, ask_for_skill, call_off, decline_ask
from data.audit import change
from data.credentials import CredentialsBox
from data.experts import drop_skill, keep_skill, sign_off, sign_on
from data.queries.alarms import calling
from data.queries.experts import experts
from data.states import close
from models.alerts import AlertOut
from models.asking import AskOver, ExpertAsk
from models.audit import COMMAND, AuditEvent
from models.experts import Skill
from models.problems import BadValue, NotFound, NotPermitted
from models.workspace import Outcome
from tests.alarms import Alarmed
from tests.rows import NOW, add_workspace, open_database, scope_of

ARABIC = "Arabic speaker"


@pytest.fixture
def room(database_url, monkeypatch):
    monkeypatch.setattr(alarming, "raise_unwatched", lambda *_: 0)
    monkeypatch.setattr(alarming, "next_look", lambda _db: None)
    opened = open_database(database_url)
    found = Alarmed(opened)
    found.sue = found.hire("sue", "Supervisor")
    yield found
    opened.close()


def expert(room, name, until=None, role="Operator"):
    who = room.hire(name, role)
    keep_skill(room.database, room.sue, who.user_id, ARABIC, until, room.now)
    sign_on(room.database, who, room.after(seconds=1))
    return who


def wanted(room, key=None):
    key = key or room.receive()
    return key, ask(room.database, room.sue, key, "arabic speaker", room.now)


def called(room, *people):
    """Who of these is called by name."""
    return [
        one.name
        for one in people
        if any(row.kind == "expert" for row in calling(room.database, one, room.now).rows)
    ]  # fmt: skip


def standing(room, key):
    with room.database.read() as db:
        row = db.get_one(ExpertAsk, key)
        return row.called_id, row.ending


def told(room, key):
    with room.database.read() as db:
        rows = db.execute(
            select(AuditEvent.action, AuditEvent.reason)
            .where(AuditEvent.object_id == key, AuditEvent.object == "conversation", AuditEvent.action.like("expert.%"))
            .order_by(AuditEvent.id)
        )
        return [tuple(row) for row in rows]


def test_the_next_is_called_at_the_very_instant_until_one_takes_it(room):
    ann, bob, cyd = (expert(room, name) for name in ("ann", "bob", "cyd"))
    key, row = wanted(room)
    assert called(room, ann, bob, cyd, room.sue) == ["Ann"]
    assert room.meet(seconds=299, microseconds=999_999) == 0
    assert called(room, ann, bob, cyd) == ["Ann"]
    assert alarming.until_next(room.database, room.now) == alarming.LEAST, "the chore comes round at the instant"
    assert room.meet(microseconds=1) == 1
    assert called(room, ann, bob, cyd) == ["Bob"]
    assert room.meet() == 0, "the same round again calls nobody"
    decline_ask(room.database, bob, row.id, room.now)
    assert called(room, ann, bob, cyd) == ["Cyd"]
    for late in (ann, bob):
        with pytest.raises(AskOver):
            acknowledge_ask(room.database, late, row.id, room.now)
    assert acknowledge_ask(room.database, cyd, row.id, room.now)
    room.meet(hours=1)
    assert (called(room, ann, bob, cyd), standing(room, row.id)) == ([], (cyd.user_id, "taken"))
    assert told(room, key) == [
        ("expert.ask", ""), ("expert.pass", "no answer in time"), ("expert.pass", "declined"), ("expert.take", ""),
    ]  # fmt: skip
    mark = experts(room.database, ann, "", False, room.now).asks[0]
    assert (mark.word, mark.by, mark.who, mark.ending) == (ARABIC, "Sue", "Cyd", "taken")


def test_when_none_is_left_the_supervisors_are_told_once(room):
    ann = expert(room, "ann")
    _, row = wanted(room)
    decline_ask(room.database, ann, row.id, room.now)
    assert standing(room, row.id) == (None, "nobody")
    assert [one.kind for one in calling(room.database, room.sue, room.now).rows] == ["no expert"]
    alone = room.receive()
    with change(room.database, room.id, COMMAND, room.now) as c:
        found = [ask_for_skill(c, alone, "Diver").ending for _ in range(1)]
        c.state("rule", "conversation", alone)
    assert found == ["nobody"], "a rule asks within its own change, and nobody on duty is said so at once"


def test_an_accreditation_that_runs_out_between_is_never_taken(room):
    tomorrow = NOW.date() + timedelta(days=1)
    ann = expert(room, "ann", NOW.date())
    bob = expert(room, "bob", tomorrow)
    room.clock.now = NOW.replace(hour=23, minute=57)
    _, row = wanted(room)
    assert called(room, ann, bob) == ["Ann"]
    assert room.meet(minutes=2, seconds=59) == 0
    room.after(seconds=1)
    assert not acknowledge_ask(room.database, ann, row.id, room.now), "midnight: she presses before the chore comes"
    assert called(room, ann, bob) == ["Bob"]
    with room.database.read() as db:
        skill = db.scalar(select(Skill.id).where(Skill.user_id == bob.user_id))
    drop_skill(room.database, room.sue, skill, room.now)
    assert not acknowledge_ask(room.database, bob, row.id, room.now), "taken off while he was called"
    assert standing(room, row.id) == (None, "nobody")


def test_only_who_is_on_duty_and_may_claim_is_called_and_only_they_are_told(room):
    expert(room, "rec", role="Auditor")
    off = room.hire("off")
    keep_skill(room.database, room.sue, off.user_id, ARABIC, None, room.now)
    sign_on(room.database, off, room.now)
    sign_off(room.database, off, off.user_id, room.now)
    keep_skill(room.database, room.sue, room.sue.user_id, ARABIC, None, room.now)
    sign_on(room.database, room.sue, room.now)
    ann = expert(room, "ann")
    box = CredentialsBox("c" * 32)
    for name, who in (("hers", {"user_id": ann.user_id, "from_step": 2}), ("room", {})):
        add_destination(room.database, box, room.id, name, "mailtos", f"mailtos://{name}", room.now, COMMAND, **who)
    key, row = wanted(room)
    with room.database.read() as db:
        assert [(one.destination_id, one.next_try) for one in db.scalars(select(AlertOut))] == [(1, room.now)]
        alarm_id = row.alarm_id
    assert acknowledge(room.database, room.sue, [alarm_id], room.now) == 0, "nobody takes what calls another"
    room.claim(room.sue, key)
    assert called(room, ann) == ["Ann"], "a claim answers for no expert"
    with pytest.raises(BadValue):
        wanted(room, key)
    with change(room.database, room.id, COMMAND, room.now) as c:
        assert ask_for_skill(c, key, ARABIC).id == row.id
    close_it(room, key)
    assert room.meet(minutes=5) == 1
    assert (standing(room, row.id), called(room, ann, room.sue)) == ((None, "over"), [])


def close_it(room, key):
    with room.database.read() as db:
        outcome = db.scalar(
            select(Outcome.id).where(Outcome.workspace_id == room.id, Outcome.word == "no reply needed")
        )
    close(room.database, room.sue, key, outcome, room.now)


def test_whoever_asked_calls_it_off_or_a_supervisor_and_nobody_else(room):
    ann, bob = expert(room, "ann"), room.hire("bob")
    key = room.receive()
    for who in (bob, room.sue):
        row = ask(room.database, bob, key, ARABIC, room.now)
        assert called(room, ann) == ["Ann"]
        with pytest.raises(NotPermitted):
            call_off(room.database, ann, row.id, room.now)
        call_off(room.database, who, row.id, room.after(seconds=1))
        assert (called(room, ann), standing(room, row.id)) == ([], (None, "called off"))
        assert not any(one.open for one in room.alarms())
        with pytest.raises(AskOver):
            call_off(room.database, who, row.id, room.now)
    assert room.meet(hours=1) == 0
    assert [action for action, _ in told(room, key)] == ["expert.ask", "expert.call off"] * 2


def test_what_may_not_be_is_refused(room):
    ann = expert(room, "ann")
    key, row = wanted(room)
    south = add_workspace(room.database, "south")
    sam = scope_of(south, ann.user_id, "Supervisor", "south")
    other = room.hire("other")
    for act, problem in (
        (lambda: ask(room.database, sam, key, ARABIC, room.now), NotFound),
        (lambda: acknowledge_ask(room.database, sam, row.id, room.now), NotFound),
        (lambda: call_off(room.database, sam, row.id, room.now), NotFound),
        (lambda: decline_ask(room.database, other, row.id, room.now), NotFound),
        (lambda: ask(room.database, room.hire("aud", "Auditor"), key, ARABIC, room.now), NotPermitted),
        (lambda: ask(room.database, ann, key, "\ud800", room.now), BadValue),
        (lambda: ask(room.database, ann, key, "x" * 10_000_000, room.now), BadValue),
    ):
        with pytest.raises(problem):
            act()
    assert called(room, ann) == ["Ann"]
