"""Disposal: what was kept long enough goes wholly, what a hold keeps stays wholly, and no figure moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from data import erasing
from data.audit import change
from data.disposing import defer, dispose, propose
from data.erasing import erase_contact
from data.legal_holds import hold, lift
from data.rebuilding import rebuild
from data.retention import add_rule, write_rules
from data.scouring import look
from data.verification import verify
from models.audit import COMMAND
from models.conversation import Contact, Conversation, Message
from models.incidents import Incident, IncidentConversation
from models.permissions import Permission
from models.problems import BadValue, NotFound, NotPermitted
from models.retention import Certificate, Disposal, Held, HeldThings
from models.workspace import Workspace
from tests.arrivals import add_account, answers, asks, found
from tests.faults.test_erasing import figures, mark, posts_of, traces
from tests.rows import add_user, add_workspace, open_database, scope_of

LATER = datetime(2027, 12, 1, tzinfo=UTC)
NUMBER = 12


@pytest.fixture
def town(database_url):
    """Twelve contacts with a conversation each, all answered, and a rule of six months."""
    database = open_database(database_url)
    town = found(database)
    town.take(*(post for one in range(NUMBER) for post in posts_of(one)))
    yield town
    database.close()


@pytest.fixture
def officer(town):
    return scope_of(town.account.workspace_id, add_user(town.database, "rosa"), "Records officer")


@pytest.fixture
def admin(town):
    return scope_of(town.account.workspace_id, add_user(town.database, "tom"), "Administrator")


def keep(town, admin, name="Six months", length=6, **given):
    rule = {"name": name, "length": length, "unit": "months"} | given
    return add_rule(town.database, admin, rule, LATER)


def due(town, state="waiting"):
    """Disposals of that state by the handle of their contact."""
    with town.database.read() as db:
        rows = db.execute(
            select(Contact.handle, Disposal.id)
            .select_from(Disposal)
            .join(Conversation, Conversation.id == Disposal.conversation_id)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Disposal.state == state)
        )
        return {row.handle: row.id for row in rows}


def put_on_list(town, at=LATER):
    return propose(town.database, town.account.workspace_id, at)


def who(town, number):
    return next(one.id for one in town.rows(Contact) if one.handle == f"@{mark(number)}")


def test_what_is_due_goes_wholly_and_what_is_held_stays_wholly(town, officer, admin, tmp_path_factory):
    folder = tmp_path_factory.mktemp("held")
    database, home = town.database, town.account.workspace_id
    assert put_on_list(town) == 0
    keep(town, admin)
    assert put_on_list(town) == NUMBER
    assert put_on_list(town) == 0
    before = figures(town)
    hold(database, officer, "contact", who(town, 0), "case 3", LATER)
    conversation = next(one.id for one in town.rows(Conversation) if one.contact_id == who(town, 1))
    hold(database, officer, "conversation", conversation, "case 4", LATER)
    hold_by_incident(town, officer, 2)
    listed = due(town)
    kept, gone = [mark(one) for one in range(3)], [mark(one) for one in range(3, NUMBER)]
    for word in kept:
        with pytest.raises(Held):
            dispose(database, officer, [listed[f"@{gone[0]}"], listed[f"@{word}"]], "", LATER)
    with pytest.raises(Held):
        erase_contact(database, home, who(town, 1), "request 9", LATER, COMMAND)
    assert traces(database, kept + gone, folder) == kept + gone

    done = dispose(database, officer, [listed[f"@{word}"] for word in gone], "", LATER)
    look(database, lambda: LATER)

    assert (done.contacts, done.conversations, done.messages, done.certificate) == (9, 9, 18, 1)
    assert traces(database, kept + gone, folder) == kept
    assert figures(town) == before
    assert all(chain.bad is None for chain in verify(database))
    assert not any(one.differences for one in rebuild(database, check_only=True))
    paper = town.rows(Certificate)[0]
    assert (paper.rule, paper.by_id, paper.facts["messages"]) == ("Six months", officer.user_id, 18)
    assert put_on_list(town, LATER + timedelta(days=400)) == 0


def hold_by_incident(town, officer, number):
    """A hold on an incident, which keeps what is in it."""
    home = town.account.workspace_id
    with change(town.database, home, COMMAND, LATER) as c:
        place = {"workspace_id": home, "audit_id": c.audit_id}
        incident = Incident(name="Fire", opened=LATER, **place)
        c.db.add(incident)
        c.db.flush()
        key = c.db.scalar(select(Conversation.id).where(Conversation.contact_id == who(town, number)))
        c.db.add(IncidentConversation(incident_id=incident.id, conversation_id=key, added=LATER, **place))
        c.state("incident.open", "incident", incident.id)
    return hold(town.database, officer, "incident", incident.id, "inquiry 1", LATER)


def test_a_disposal_that_forgets_holds_is_caught(town, officer, admin, tmp_path_factory, monkeypatch):
    """The planted fault: with it the held contact's words are gone, which the test above would see."""
    keep(town, admin)
    put_on_list(town)
    hold(town.database, officer, "contact", who(town, 0), "case 3", LATER)
    monkeypatch.setattr(erasing, "held_things", lambda _db, _home: HeldThings({}, {}))
    dispose(town.database, officer, [due(town)[f"@{mark(0)}"]], "", LATER)
    look(town.database, lambda: LATER)
    assert traces(town.database, [mark(0)], tmp_path_factory.mktemp("held")) == []


def test_a_hold_is_lifted_for_a_reason_and_then_it_may_go(town, officer, admin):
    database = town.database
    keep(town, admin)
    put_on_list(town)
    key = hold(database, officer, "contact", who(town, 0), "case 3", LATER)
    with pytest.raises(BadValue, match="held already"):
        hold(database, officer, "contact", who(town, 0), "case 5", LATER)
    for kind, number in (("contact", 999), ("team", 1)):
        with pytest.raises(NotFound):
            hold(database, officer, kind, number, "case 3", LATER)
    for reason in ("", "x" * 201):
        with pytest.raises(BadValue):
            lift(database, officer, key, reason, LATER)
    lift(database, officer, key, "the court has ruled", LATER)
    with pytest.raises(NotFound):
        lift(database, officer, key, "again", LATER)
    assert dispose(database, officer, [due(town)[f"@{mark(0)}"]], "", LATER).messages == 2


def test_what_is_put_off_or_spoken_in_again_does_not_go(town, officer, admin):
    database = town.database
    keep(town, admin)
    put_on_list(town)
    first, second = due(town)[f"@{mark(0)}"], due(town)[f"@{mark(1)}"]
    for until in (LATER, LATER + timedelta(days=400)):
        with pytest.raises(BadValue):
            defer(database, officer, [first], until, "a complaint", LATER)
    defer(database, officer, [first], LATER + timedelta(days=30), "a complaint", LATER)
    with pytest.raises(BadValue, match="put off"):
        dispose(database, officer, [first], "", LATER)
    assert dispose(database, officer, [first], "", LATER + timedelta(days=30)).conversations == 1
    minute = int((LATER - datetime(2026, 11, 16, 8, tzinfo=UTC)) / timedelta(minutes=1)) - 5
    town.take(asks("again", minute, "hello again", posts_of(1)[0].contact), at=LATER)
    with pytest.raises(BadValue, match="due no more"):
        dispose(database, officer, [second], "", LATER)
    put_on_list(town)
    assert f"@{mark(1)}" in due(town, "withdrawn")
    for wrong in ([], [999], range(201)):
        with pytest.raises((BadValue, NotFound)):
            dispose(database, officer, wrong, "", LATER)


def test_a_contact_stays_while_a_conversation_of_theirs_stays(town, officer, admin, tmp_path_factory):
    """One conversation of two goes: its words are nowhere, the name stays; with the second the name goes too."""
    folder, database = tmp_path_factory.mktemp("held"), town.database
    other = add_account(database, town.account.workspace_id, "@roads")
    ask, _, _ = posts_of(0)
    late = int((LATER - datetime(2026, 11, 16, 8, tzinfo=UTC)) / timedelta(minutes=1)) - 1_000
    town_two = replace(town, account=other)
    said = asks("roads-1", late, "zebrafish on the road", ask.contact)
    town_two.take(said, answers("roads-2", late + 5, "roads-1", None), at=LATER)
    keep(town, admin)
    put_on_list(town)
    assert len(due(town)) == NUMBER
    dispose(database, officer, [due(town)[f"@{mark(0)}"]], "", LATER)
    look(database, lambda: LATER)
    texts = {one.text for one in town.rows(Message)}
    assert not any(mark(0) in one for one in texts)
    assert "zebrafish on the road" in texts
    assert f"@{mark(0)}" in {one.handle for one in town.rows(Contact)}
    much_later = LATER + timedelta(days=365)
    put_on_list(town, much_later)
    rest = due(town)[f"@{mark(0)}"]
    assert dispose(database, officer, [rest], "", much_later).contacts == 1
    look(database, lambda: much_later)
    assert traces(database, [mark(0), "zebrafish"], folder) == []


def test_the_first_rule_that_fits_decides(town, officer, admin):
    home = town.account.workspace_id
    keep(town, admin, "Fires", 120, topic="Fire and fire safety")
    keep(town, admin, "Private ones", 1, kind="private")
    assert put_on_list(town) == 0
    with change(town.database, home, COMMAND, LATER) as c:
        c.db.get_one(Workspace, home).retention_days = 30
        c.state("change", "workspace", home)
    assert put_on_list(town) == 0
    with change(town.database, home, COMMAND, LATER) as c:
        write_rules(c, [])
        c.state("change", "workspace", home)
    assert put_on_list(town) == NUMBER
    with town.database.read() as db:
        assert set(db.scalars(select(Disposal.rule))) == {"everything else"}
    keep(town, admin, "Fires", 120, topic="Fire and fire safety")
    put_on_list(town)
    assert due(town) == {}


def test_another_workspace_and_a_missing_right_dispose_of_nothing(town, officer, admin):
    keep(town, admin)
    put_on_list(town)
    key = due(town)[f"@{mark(0)}"]
    south = scope_of(add_workspace(town.database, "south"), officer.user_id, "Records officer", "south")
    for act in (
        lambda: dispose(town.database, south, [key], "", LATER),
        lambda: defer(town.database, south, [key], LATER + timedelta(days=1), "x", LATER),
        lambda: hold(town.database, south, "contact", who(town, 0), "x", LATER),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotPermitted, match=Permission.ERASE):
        dispose(town.database, admin, [key], "", LATER)
