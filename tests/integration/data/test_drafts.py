"""What somebody began to write is kept for them alone, and goes with its sending."""

import pytest
from sqlalchemy import func, select

from data.drafts import LONGEST, draft_of, keep_draft
from models.audit import AuditEvent
from models.drafts import Draft
from models.posts import Kind
from models.problems import BadValue, NotFound, NotPermitted
from tests.outbox import Desk
from tests.rows import add_workspace, open_database, scope_of


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


def keep(desk, text, scope=None, kind=Kind.PUBLIC):
    keep_draft(desk.database, scope or desk.ann, desk.conversation, text, kind, desk.clock())


def draft(desk, scope):
    with desk.database.read() as db:
        found = draft_of(db, scope, desk.conversation)
        return (found.text, found.kind) if found else None


def test_everybody_finds_their_own_words_again(desk):
    bob = desk.colleague("bob")
    keep(desk, "We are on")
    keep(desk, "We are on our way", kind=Kind.PRIVATE)
    keep(desk, "Shall I?", bob)
    assert draft(desk, desk.ann) == ("We are on our way", "private")
    assert draft(desk, bob) == ("Shall I?", "public")
    assert draft(desk, scope_of(desk.workspace, None)) is None


def test_no_event_tells_of_it(desk):
    events = desk.one(select(func.count()).select_from(AuditEvent))
    keep(desk, "We are on")
    assert desk.one(select(func.count()).select_from(AuditEvent)) == events


def test_an_empty_one_is_dropped(desk):
    keep(desk, "We are on")
    keep(desk, " \n")
    assert desk.all(select(Draft)) == []


def test_it_goes_with_its_sending_and_a_colleagues_stays(desk):
    bob = desk.colleague("bob")
    keep(desk, "We are on our way")
    keep(desk, "Shall I?", bob)
    desk.hand_in("We are on our way")
    assert draft(desk, desk.ann) is None
    assert draft(desk, bob) == ("Shall I?", "public")


def test_it_has_an_end(desk):
    with pytest.raises(BadValue):
        keep(desk, "a" * (LONGEST + 1))


def test_it_belongs_to_a_conversation_here_and_to_somebody_who_may_reply(desk):
    south = scope_of(add_workspace(desk.database, "south"), desk.ann.user_id)
    with pytest.raises(NotFound):
        keep(desk, "Hello", south)
    with pytest.raises(NotPermitted):
        keep(desk, "Hello", desk.colleague("eve", "Auditor"))
