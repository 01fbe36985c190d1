"""Incidents: who may open, join and close them, and reports whose every line says what it rests on."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select, true

from data.incidents import (
    add_to_incident,
    close_incident,
    describe_incident,
    draft_of,
    keep_methane,
    open_incident,
    redraft,
    reopen_incident,
    take_from_incident,
)
from data.notes import add_note
from data.queries.incidents import incidents
from data.queries.members import incident_counts, incident_events, incident_of, open_incidents
from models.audit import AuditEvent
from models.conversation import Message
from models.incidents import KEYS, Draft, IncidentConversation, Major, Methane, MethaneDraft
from models.problems import BadValue, IncidentClosed, InIncident, NotFound, NotPermitted
from tests.rows import NOW, add_conversation, add_member, add_workspace, open_database, scope_of

LATER = NOW + timedelta(minutes=5)
NONE = ((),) * 7


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def conversations(database, north):
    return [add_conversation(database, north, text=f"Fire {number}") for number in range(3)]


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


@pytest.fixture
def ann(database, north):
    return scope_of(north, add_member(database, north, "ann", "Operator"))


@pytest.fixture
def fire(database, sue, conversations):
    return open_incident(database, sue, "Canal Street fire", "482 of 12 October", conversations[:2], NOW)


def kept(database, scope, key):
    with database.read() as db:
        return draft_of(db, scope.workspace_id, key, scope.user_id)


def one(database, scope, key):
    return incidents(database, scope, key, LATER).chosen


def message_of(database, conversation):
    with database.read() as db:
        return db.scalar(select(Message.id).where(Message.conversation_id == conversation))


def newest(database):
    with database.read() as db:
        return db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def events(database):
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(AuditEvent))


def texts(**lines):
    return tuple(lines.get(key, "") for key in KEYS)


def cited(**lines):
    return tuple(tuple(lines.get(key, ())) for key in KEYS)


def test_an_incident_groups_conversations(database, sue, ann, conversations, fire):
    page = incidents(database, ann, None, LATER)
    [row] = page.rows
    assert (row.mark.name, row.mark.reference, row.mark.veracity) == (
        "Canal Street fire",
        "482 of 12 October",
        "unconfirmed",
    )
    assert (row.mark.open, row.opened, row.opened_by, row.conversations, row.unanswered) == (True, NOW, "Sue", 2, 2)
    assert page.chosen is None
    assert [member.id for member in one(database, ann, fire).members] == conversations[:2]
    told = newest(database)
    assert (told.action, told.object, told.object_id) == ("incident.open", "incident", fire)
    assert told.after["conversations"] == conversations[:2]


def test_anybody_at_the_desk_adds_and_takes_out(database, north, ann, conversations, fire):
    assert add_to_incident(database, ann, fire, conversations, LATER) == 1
    before = events(database)
    assert add_to_incident(database, ann, fire, conversations, LATER) == 0
    assert events(database) == before
    take_from_incident(database, ann, fire + 1, conversations[0], LATER)
    assert events(database) == before
    take_from_incident(database, ann, fire, conversations[0], LATER)
    take_from_incident(database, ann, fire, conversations[0], LATER)
    assert events(database) == before + 1
    assert [member.id for member in one(database, ann, fire).members] == conversations[1:]
    with database.read() as db:
        assert incident_of(db, north, conversations[0]) is None
        assert incident_of(db, north, conversations[1]).name == "Canal Street fire"
        told = [(event.action, event.who, event.detail) for event in incident_events(db, north, [conversations[0]])]
    called = (("incident", "Canal Street fire (482 of 12 October)"),)
    assert told == [("incident add", "Sue", called), ("incident remove", "Ann", called)]


def test_a_conversation_has_one_incident_at_a_time(database, north, sue, ann, conversations, fire):
    with pytest.raises(InIncident, match="Canal Street fire"):
        open_incident(database, sue, "Another", "", [conversations[0]], LATER)
    other = open_incident(database, sue, "Another", "", [], LATER)
    with pytest.raises(InIncident):
        add_to_incident(database, ann, other, [conversations[2], conversations[0]], LATER)
    assert one(database, ann, other).members == ()
    take_from_incident(database, ann, fire, conversations[0], LATER)
    assert add_to_incident(database, ann, other, [conversations[0]], LATER) == 1
    with database.read() as db:
        assert [mark.name for mark in open_incidents(db, north)] == ["Another", "Canal Street fire"]
        assert [(count.name, count.count) for count in incident_counts(db, true(), {"home": north})] == [
            ("Another", 1),
            ("Canal Street fire", 1),
        ]


def test_what_it_is_and_whether_it_is_so_can_change(database, sue, fire):
    describe_incident(database, sue, fire, "Warehouse fire", "483", "true", LATER)
    mark = one(database, sue, fire).row.mark
    assert (mark.name, mark.reference, mark.veracity) == ("Warehouse fire", "483", "true")
    told = newest(database)
    assert told.before == {"name": "Canal Street fire", "reference": "482 of 12 October", "veracity": "unconfirmed"}
    before = events(database)
    describe_incident(database, sue, fire, "Warehouse fire", "483", "true", LATER)
    assert events(database) == before
    with pytest.raises(BadValue):
        describe_incident(database, sue, fire, "Warehouse fire", "483", "so they say", LATER)


def test_a_closed_incident_takes_nothing_until_it_goes_on(database, sue, ann, conversations, fire):
    close_incident(database, sue, fire, LATER)
    assert not one(database, ann, fire).row.mark.open
    for act in (
        lambda: add_to_incident(database, ann, fire, [conversations[2]], LATER),
        lambda: keep_methane(database, ann, fire, Draft(Major.STANDBY), LATER),
        lambda: close_incident(database, sue, fire, LATER),
    ):
        with pytest.raises(IncidentClosed):
            act()
    reopen_incident(database, sue, fire, LATER)
    before = events(database)
    reopen_incident(database, sue, fire, LATER)
    assert events(database) == before
    assert add_to_incident(database, ann, fire, [conversations[2]], LATER) == 1


def test_too_many_at_once_are_refused(database, ann, fire):
    with pytest.raises(BadValue, match="at most"):
        add_to_incident(database, ann, fire, range(1, 300), LATER)


def test_each_line_of_a_report_cites_its_messages(database, ann, conversations, fire):
    first, second = (message_of(database, key) for key in conversations[:2])
    draft = Draft(Major.DECLARED, texts(location="Canal Street"), cited(location=[second, first], hazards=[first]))
    assert keep_methane(database, ann, fire, draft, LATER) == 1
    [report] = one(database, ann, fire).reports
    assert (report.number, report.author, report.written, report.major) == (1, "Ann", LATER, "declared")
    lines = {line.key: line for line in report.lines}
    assert [one.id for one in lines["location"].evidence] == [second, first]
    assert lines["location"].evidence[0].text == "Fire 1"
    assert (lines["access"].text, lines["access"].evidence) == ("", ())
    told = newest(database)
    assert (told.action, told.after["number"], told.after["cited"]) == (
        "methane",
        1,
        {"location": [second, first], "hazards": [first]},
    )
    assert "Canal" not in repr(told.after)


def test_reports_are_kept_as_versions(database, ann, fire):
    for number, place in enumerate(("Canal Street", "Canal Street, by the lock"), start=1):
        assert keep_methane(database, ann, fire, Draft(texts=texts(location=place)), LATER) == number
    assert [report.number for report in one(database, ann, fire).reports] == [2, 1]


def test_an_empty_report_is_refused(database, ann, fire):
    with pytest.raises(BadValue, match="nothing in it is known"):
        keep_methane(database, ann, fire, Draft(), LATER)


def test_a_report_rests_only_on_messages_of_its_incident(database, north, ann, conversations, fire):
    south = add_workspace(database, "south")
    foreign = message_of(database, add_conversation(database, south))
    outside = message_of(database, conversations[2])
    rng = random.Random(11)
    for key in [foreign, outside, *(rng.randrange(10**6, 2**62) for _ in range(20))]:
        with pytest.raises(NotFound):
            keep_methane(database, ann, fire, Draft(cited=cited(type=[key])), LATER)
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(Methane)) == 0


def test_what_was_cited_stays_cited_once_the_conversation_left(database, ann, conversations, fire):
    key = message_of(database, conversations[0])
    take_from_incident(database, ann, fire, conversations[0], LATER)
    assert keep_methane(database, ann, fire, Draft(cited=cited(type=[key])), LATER) == 1


def test_a_draft_survives_and_is_ones_own(database, ann, sue, conversations, fire):
    key = message_of(database, conversations[0])
    draft = Draft(Major.STANDBY, texts(type="Warehouse"), cited(type=[key]))
    before = events(database)
    redraft(database, ann, fire, lambda _: Draft(Major.STANDBY), NOW)
    assert redraft(database, ann, fire, lambda _: draft, LATER) == draft
    assert events(database) == before
    assert kept(database, ann, fire) == draft
    assert kept(database, sue, fire) == Draft()
    composed = one(database, ann, fire).draft
    assert (composed.number, composed.major) == (0, "standby")
    assert [item.id for item in composed.lines[2].evidence] == [key]
    keep_methane(database, ann, fire, draft, LATER)
    assert kept(database, ann, fire) == kept(database, sue, fire) == draft
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(MethaneDraft)) == 0


def test_a_draft_shows_no_message_of_another_workspace(database, ann, fire):
    foreign = message_of(database, add_conversation(database, add_workspace(database, "south"), text="a secret"))
    redraft(database, ann, fire, lambda draft: draft.cite("type", foreign), NOW)
    assert "secret" not in repr(one(database, ann, fire))


def test_the_page_holds_what_was_said_and_noted(database, ann, conversations, fire, monkeypatch):
    monkeypatch.setattr("data.queries.incidents.MOST_MESSAGES", 1)
    add_note(database, ann, conversations[1], "Same address", NOW)
    page = one(database, ann, fire)
    assert ([message.text for message in page.messages], page.more) == (["Fire 1"], 1)
    assert [(key, contact, note.text) for key, contact, note in page.notes] == [
        (conversations[1], "Neighbour", "Same address")
    ]


@pytest.mark.parametrize("role", ["Operator", "Auditor", "Analyst", "Administrator", "Content creator"])
def test_opening_and_closing_need_the_right_to(database, north, fire, conversations, role):
    eve = scope_of(north, add_member(database, north, "eve", role), role)
    for act in (
        lambda: open_incident(database, eve, "Another", "", [], NOW),
        lambda: describe_incident(database, eve, fire, "x", "", "true", NOW),
        lambda: close_incident(database, eve, fire, NOW),
        lambda: reopen_incident(database, eve, fire, NOW),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_working_on_one_needs_a_desk(database, north, fire, conversations, role):
    eve = scope_of(north, add_member(database, north, "eve", role), role)
    for act in (
        lambda: add_to_incident(database, eve, fire, conversations, NOW),
        lambda: take_from_incident(database, eve, fire, conversations[0], NOW),
        lambda: redraft(database, eve, fire, lambda draft: draft, NOW),
        lambda: keep_methane(database, eve, fire, Draft(Major.STANDBY), NOW),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_another_workspace_finds_and_changes_nothing(database, north, conversations, fire):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor", "south")
    own = open_incident(database, sam, "Ours", "", [], NOW)
    rng = random.Random(5)
    for _ in range(20):
        key = rng.choice([*conversations, 10**9])
        for act in (
            lambda: add_to_incident(database, sam, fire, [], NOW),
            lambda key=key: add_to_incident(database, sam, own, [key], NOW),
            lambda key=key: open_incident(database, sam, "Another", "", [key], NOW),
            lambda: describe_incident(database, sam, fire, "x", "", "true", NOW),
            lambda: close_incident(database, sam, fire, NOW),
            lambda: reopen_incident(database, sam, fire, NOW),
            lambda: redraft(database, sam, fire, lambda draft: draft, NOW),
            lambda: keep_methane(database, sam, fire, Draft(Major.STANDBY), NOW),
            lambda: incidents(database, sam, fire, NOW),
        ):
            with pytest.raises(NotFound):
                act()
    take_from_incident(database, sam, fire, conversations[0], NOW)
    with database.read() as db:
        assert db.scalar(select(func.count()).where(IncidentConversation.removed.is_(None))) == 2
    assert [row.mark.name for row in incidents(database, sam, None, NOW).rows] == ["Ours"]
