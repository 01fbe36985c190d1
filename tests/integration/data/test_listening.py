"""What belongs to no conversation goes when its time is over: wholly, by number, and never what a hold keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data import listening
from data.audit import change
from data.legal_holds import hold
from data.listening import dispose_listening, listening_due
from data.verification import verify
from models.audit import COMMAND
from models.conversation import Contact, Message
from models.erased import ERASED, HIDDEN
from models.permissions import BUILT_IN_ROLES
from models.posts import Kind
from models.problems import BadValue, NotPermitted
from models.retention import Certificate
from models.rollups import Daily, Hourly
from models.workspace import Workspace
from tests.arrivals import MONDAY, NOW, asks, found, person
from tests.rows import add_user, open_database, scope_of

LATER = NOW + timedelta(days=100)
KEPT = 60
SECRET = "zqx-heard-at-the-bridge"


@pytest.fixture
def town(database_url):
    """Three that were heard, one of whom wrote to us too, and a last one that came today; kept for sixty days."""
    database = open_database(database_url)
    town = found(database)
    town.take(
        *(heard(f"h{number}", number, name) for number, name in enumerate(("eve", "fay", "gus"))),
        asks("q1", 9, "hello from gus", person("gus")),
    )
    late = replace(heard("h9", 0, "ivy"), sent=LATER - timedelta(days=1))
    town.take(late, at=LATER)
    with change(database, town.account.workspace_id, COMMAND, LATER) as c:
        row = c.db.get_one(Workspace, c.workspace_id)
        row.retention_days, row.audit_id = KEPT, c.audit_id
        c.state("change", "workspace", c.workspace_id)
    yield town
    database.close()


def heard(key, minute, name):
    return replace(asks(key, minute, f"{SECRET} {name}", person(name)), kind=Kind.LISTENING)


@pytest.fixture
def officer(town):
    return scope_of(town.account.workspace_id, add_user(town.database, "rosa"), "Records officer")


def due(town, at=LATER):
    with town.database.read() as db:
        return listening_due(db, town.account.workspace_id, at)


def sums(town):
    return [
        sorted(map(repr, ((row.hour, row.count) for row in town.rows(Hourly)))),
        sorted((row.day, row.count) for row in town.rows(Daily)),
    ]


def texts(town):
    return {row.text for row in town.rows(Message)}


def test_it_goes_wholly_and_its_writers_with_it_unless_they_wrote_to_us(town, officer):
    before = sums(town)
    assert (due(town).number, due(town).at_once, due(town).oldest) == (3, 3, MONDAY)
    done = dispose_listening(town.database, officer, 3, LATER)
    assert (done.messages, done.contacts, done.conversations) == (3, 2, 0)
    assert texts(town) == {ERASED, "hello from gus", f"{SECRET} ivy"}
    handles = {row.handle for row in town.rows(Contact)}
    assert "@gus" in handles and "@ivy" in handles and not handles & {"@eve", "@fay"}
    assert sum(row.network_id.startswith(HIDDEN) for row in town.rows(Message)) == 3
    assert sums(town) == before
    assert due(town) is None
    (made,) = town.rows(Certificate)
    assert (made.number, made.facts["messages"], made.facts["of"]) == (done.certificate, 3, [])
    assert all(chain.bad is None for chain in verify(town.database))


def test_nothing_goes_on_another_number_or_by_somebody_who_may_not(town, officer):
    with pytest.raises(BadValue, match="3 are due now"):
        dispose_listening(town.database, officer, 2, LATER)
    with pytest.raises(NotPermitted):
        dispose_listening(town.database, scope_of(officer.workspace_id, officer.user_id, "Operator"), 3, LATER)
    assert "Operator" in BUILT_IN_ROLES
    assert len(texts(town)) == 5


def test_what_is_held_is_neither_counted_nor_taken(town, officer):
    eve = next(row.id for row in town.rows(Contact) if row.handle == "@eve")
    hold(town.database, officer, "contact", eve, "Inquest", LATER)
    assert due(town).number == 2
    dispose_listening(town.database, officer, 2, LATER)
    assert f"{SECRET} eve" in texts(town)


def test_the_oldest_go_first_where_there_are_many(town, officer, monkeypatch):
    monkeypatch.setattr(listening, "MOST_ALONE", 2)
    assert (due(town).number, due(town).at_once) == (3, 2)
    dispose_listening(town.database, officer, 2, LATER)
    assert texts(town) >= {f"{SECRET} gus", f"{SECRET} ivy"}
    assert due(town).number == 1


def test_nothing_is_due_where_messages_are_kept_for_ever(town, officer):
    with change(town.database, officer.workspace_id, COMMAND, LATER) as c:
        row = c.db.get_one(Workspace, c.workspace_id)
        row.retention_days, row.audit_id = None, c.audit_id
        c.state("change", "workspace", c.workspace_id)
    assert due(town) is None
    with pytest.raises(BadValue, match="0 are due now"):
        dispose_listening(town.database, officer, 1, LATER)
