"""Notes: kept as they were, told to whom they name, and nothing of them in the record but a digest."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.audit import change
from data.notes import add_note, colleagues, correct_note, mark_read, notify, strike_note
from data.people import disable_user
from data.queries.notes import colleagues_of, notes_of
from data.queries.notifications import notifications, unread
from models.audit import COMMAND, AuditEvent
from models.notes import Note, NoteVersion, Notification
from models.permissions import BUILT_IN_ROLES, Scope
from models.problems import AlreadyStruck, BadValue, NotAuthor, NotFound, NotPermitted
from tests.rows import NOW, add_conversation, add_member, add_workspace, open_database, scope_of

LATER, LAST = NOW + timedelta(minutes=5), NOW + timedelta(minutes=9)
SECRET = "The address is 41 Canal Street"


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def ann(database, north):
    return scope_of(north, add_member(database, north, "ann", "Operator"))


@pytest.fixture
def ben(database, north):
    return scope_of(north, add_member(database, north, "ben", "Operator"))


def shown(database, scope, *conversations):
    with database.read() as db:
        return [note for _, note in notes_of(db, scope.workspace_id, conversations, scope.user_id)]


def all_of(database, entity):
    with database.read() as db:
        return list(db.scalars(select(entity).order_by(entity.id)))


def newest(database):
    return all_of(database, AuditEvent)[-1]


def test_a_note_stands_on_its_conversation(database, conversation, ann, ben):
    key = add_note(database, ann, conversation, f"  {SECRET} ", NOW)
    [note] = shown(database, ben, conversation)
    assert (note.id, note.author, note.text, note.written) == (key, "Ann", SECRET, NOW)
    assert (note.mine, note.corrected, note.struck, note.earlier, note.named) == (False, None, None, (), ())
    assert shown(database, ann, conversation)[0].mine


def test_the_record_holds_no_word_of_it(database, conversation, ann):
    key = add_note(database, ann, conversation, SECRET, NOW)
    correct_note(database, ann, key, f"{SECRET}, flat 2", LATER)
    strike_note(database, ann, key, LAST)
    events = all_of(database, AuditEvent)[-3:]
    assert [event.action for event in events] == ["note", "note.correct", "note.strike"]
    assert [(event.object, event.object_id) for event in events] == [("conversation", conversation)] * 3
    told = repr([(event.before, event.after, event.reason) for event in events])
    assert "Canal" not in told
    assert len(events[1].before["text"]) == 32
    assert events[1].before["text"] == events[0].after["text"] != events[1].after["text"]


def test_a_correction_keeps_what_was_said_before(database, conversation, ann):
    key = add_note(database, ann, conversation, "One", NOW)
    correct_note(database, ann, key, "Two", LATER)
    correct_note(database, ann, key, "Three", LAST)
    [note] = shown(database, ann, conversation)
    assert (note.text, note.written, note.corrected) == ("Three", NOW, LAST)
    assert [(one.text, one.at) for one in note.earlier] == [("One", NOW), ("Two", LATER)]
    assert [row.text for row in all_of(database, NoteVersion)] == ["One", "Two"]


def test_the_same_text_again_changes_nothing(database, conversation, ann):
    key = add_note(database, ann, conversation, "One", NOW)
    before = len(all_of(database, AuditEvent))
    correct_note(database, ann, key, " One ", LATER)
    assert len(all_of(database, AuditEvent)) == before
    assert shown(database, ann, conversation)[0].corrected is None


def test_what_was_struck_out_stays_in_its_place(database, conversation, ann):
    key = add_note(database, ann, conversation, "One", NOW)
    strike_note(database, ann, key, LATER)
    assert shown(database, ann, conversation)[0].struck == LATER
    for act in (lambda: strike_note(database, ann, key, LAST), lambda: correct_note(database, ann, key, "Two", LAST)):
        with pytest.raises(AlreadyStruck):
            act()


def test_only_its_author_changes_a_note(database, conversation, ann, ben):
    key = add_note(database, ann, conversation, "One", NOW)
    for act in (lambda: strike_note(database, ben, key, LATER), lambda: correct_note(database, ben, key, "One", LATER)):
        with pytest.raises(NotAuthor):
            act()
    assert shown(database, ann, conversation)[0].text == "One"


def test_whom_a_note_names_is_told(database, north, conversation, ann, ben):
    key = add_note(database, ann, conversation, "@ben @ann have you seen this?", NOW)
    [told] = all_of(database, Notification)
    assert (told.user_id, told.kind, told.note_id, told.by_id, told.at) == (
        ben.user_id,
        "mention",
        key,
        ann.user_id,
        NOW,
    )
    assert (unread(database, ben), unread(database, ann)) == (1, 0)
    page = notifications(database, ben, LATER)
    [row] = page.rows
    assert (row.by, row.contact, row.note, row.conversation_id) == ("Ann", "Neighbour", told_text(), conversation)
    assert (page.unread, row.read, page.workspace.slug) == (1, None, "north")
    assert [one.sign_in for one in shown(database, ben, conversation)[0].named] == ["ann", "ben"]
    assert newest(database).after["told"] == [ben.user_id]


def told_text():
    return "@ben @ann have you seen this?"


def test_a_correction_tells_only_those_it_names_anew(database, north, conversation, ann, ben):
    cas = scope_of(north, add_member(database, north, "cas", "Supervisor"))
    key = add_note(database, ann, conversation, "@ben look", NOW)
    correct_note(database, ann, key, "@ben @cas look again", LATER)
    assert [row.user_id for row in all_of(database, Notification)] == [ben.user_id, cas.user_id]


def test_a_note_that_was_struck_out_no_longer_speaks(database, conversation, ann, ben):
    key = add_note(database, ann, conversation, "@ben look", NOW)
    strike_note(database, ann, key, LATER)
    assert notifications(database, ben, LATER).rows[0].note is None


def test_reading_is_once_and_only_ones_own(database, conversation, ann, ben):
    add_note(database, ann, conversation, "@ben look", NOW)
    [told] = all_of(database, Notification)
    events = len(all_of(database, AuditEvent))
    assert mark_read(database, ann, [told.id], LATER) == 0
    assert len(all_of(database, AuditEvent)) == events
    assert mark_read(database, ben, [told.id, 9_999], LATER) == 1
    assert mark_read(database, ben, [told.id], LAST) == 0
    assert (all_of(database, Notification)[0].read, unread(database, ben)) == (LATER, 0)


def test_two_tabs_read_at_once_and_one_event_says_so(database, conversation, ann, ben, monkeypatch):
    add_note(database, ann, conversation, "@ben look", NOW)
    [told] = all_of(database, Notification)
    kept = database.read

    def and_then_the_other_tab():
        monkeypatch.setattr(database, "read", kept)
        return meanwhile()

    def meanwhile():
        found = kept()
        return _After(found, lambda: mark_read(database, ben, [told.id], LATER))

    monkeypatch.setattr(database, "read", and_then_the_other_tab)
    assert mark_read(database, ben, [told.id], LAST) == 0
    assert [event.action for event in all_of(database, AuditEvent)].count("notification.read") == 1


class _After:
    """A picture of the database, and what happens once it was looked at."""

    def __init__(self, found, then):
        self.found, self.then = found, then

    def __enter__(self):
        return self.found.__enter__()

    def __exit__(self, *how):
        self.found.__exit__(*how)
        self.then()


def test_colleagues_are_those_who_may_read_here(database, north, ann):
    for name, role in (("dee", "Analyst"), ("eve", "Auditor"), ("fay", "Operator")):
        add_member(database, north, name, role)
    add_member(database, add_workspace(database, "south"), "sam", "Operator")
    gone = add_member(database, north, "gus", "Operator")
    disable_user(database, gone, NOW, COMMAND)
    with database.read() as db:
        assert list(colleagues(db, north)) == ["ann", "eve", "fay"]
        assert [one.name for one in colleagues_of(db, north)] == ["Ann", "Eve", "Fay"]


def test_nobody_is_told_of_their_own(database, north, conversation, ann, ben):
    with change(database, north, COMMAND, NOW) as c:
        notify(c, "hand over", [ben.user_id], conversation)
        c.state("hand over", "conversation", conversation)
    [told] = all_of(database, Notification)
    assert (told.kind, told.by_id, told.note_id) == ("hand over", None, None)
    assert notifications(database, ben, NOW).rows[0].by is None


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
def test_nothing_and_too_much_are_refused(database, conversation, ann, text):
    with pytest.raises(BadValue):
        add_note(database, ann, conversation, text, NOW)
    assert all_of(database, Note) == []


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_notes_need_a_desk(database, north, conversation, ann, role):
    key = add_note(database, ann, conversation, "One", NOW)
    eve = scope_of(north, add_member(database, north, "eve", role), role)
    for act in (
        lambda: add_note(database, eve, conversation, "Two", NOW),
        lambda: correct_note(database, eve, key, "Two", NOW),
        lambda: strike_note(database, eve, key, NOW),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_nobody_who_may_not_read_has_notifications(database, north):
    eve = scope_of(north, add_member(database, north, "eve", "Analyst"), "Analyst")
    assert unread(database, eve) == 0
    assert unread(database, Scope(north, "north", BUILT_IN_ROLES["Operator"])) == 0
    for act in (notifications, lambda *asked: mark_read(asked[0], asked[1], [1], NOW)):
        with pytest.raises(NotPermitted):
            act(database, eve, NOW)


def test_another_workspace_sees_and_changes_nothing(database, conversation, ann):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Operator"), slug="south")
    key = add_note(database, ann, conversation, "@sam One", NOW)
    assert all_of(database, Notification) == []
    for act in (
        lambda: add_note(database, sam, conversation, "Two", NOW),
        lambda: correct_note(database, sam, key, "Two", NOW),
        lambda: strike_note(database, sam, key, NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert shown(database, sam, conversation) == []
