"""The audit chain: one event for each change, no change without its event, and no event ever changed."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from data.audit import CHANNEL, actor_of, change, raise_revision
from data.verification import verify
from models.audit import COMMAND, INSTALLATION, AuditEvent, AuditHead, Revision
from models.conversation import Conversation
from models.entities import AUDITED, Base
from models.problems import NotFound
from models.workspace import Topic
from tests.arrivals import NOW, add_colleague, answers, asks, edit, found, person
from tests.rows import open_database, scope_of


@pytest.fixture
def town(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield found(opened)
    opened.close()


def home(town):
    return town.account.workspace_id


def add_topic(town, word="Bees", at=NOW):
    with change(town.database, home(town), COMMAND, at) as c:
        c.db.add(Topic(workspace_id=home(town), word=word, audit_id=0))
        c.state("add", "topic", after={"word": word})
    return c


def verdicts(town):
    return {chain.workspace_id: chain.bad for chain in verify(town.database)}


def events(town):
    return sorted(town.rows(AuditEvent), key=lambda event: event.sequence)


def test_whatever_happened_the_chains_are_whole(town):
    first = asks("a", 1, "fire")
    town.take(first, answers("r", 2, "a"))
    town.take(edit(first, 3, "car"), unreadable=["{"])
    add_topic(town)
    assert verdicts(town) == {INSTALLATION: None, home(town): None}
    assert [event.sequence for event in events(town)] == list(range(1, len(events(town)) + 1))


def unguarded(town, statement):
    """Do to the database what only somebody with its file could do."""
    with town.database.write() as db:
        if town.database.sqlite:
            for verb in ("update", "delete"):
                db.execute(text(f"DROP TRIGGER audit_event_no_{verb}"))
        else:
            db.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        db.execute(statement)


@pytest.mark.parametrize(
    "forged",
    [
        {"actor": "somebody else"},
        {"after": {"word": "Wasps"}},
        {"at": NOW + timedelta(seconds=1)},
        {"digest": "0" * 64},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_the_first_forged_event_is_named(town, forged):
    for word in ("Bees", "Bats", "Moths"):
        add_topic(town, word)
    target = events(town)[-2]
    unguarded(town, update(AuditEvent).where(AuditEvent.id == target.id).values(**forged))
    bad = verdicts(town)[home(town)]
    assert (bad.event_id, bad.sequence) == (target.id, target.sequence)


def test_a_missing_event_is_named(town):
    for word in ("Bees", "Bats"):
        add_topic(town, word)
    target = events(town)[1]
    unguarded(town, update(AuditEvent).where(AuditEvent.id == target.id).values(sequence=999))
    assert verdicts(town)[home(town)].sequence == target.sequence


def test_a_cut_off_end_is_noticed(town):
    add_topic(town)
    with town.database.write() as db:
        head = db.get_one(AuditHead, home(town))
        head.sequence, head.digest = head.sequence + 1, "f" * 64
    assert "missing" in verdicts(town)[home(town)].why


def test_another_key_verifies_nothing(town):
    add_topic(town)
    town.database.audit_key = b"z" * 32
    assert verdicts(town)[home(town)].sequence == 1


@pytest.mark.parametrize(
    "statement", [update(AuditEvent).values(reason="x"), delete(AuditEvent)], ids=["update", "delete"]
)
def test_no_event_is_ever_changed(town, statement):
    with pytest.raises(DBAPIError, match="never changed"), town.database.write() as db:
        db.execute(statement)


def test_no_row_changes_without_its_event(town):
    """Leaving ``audit_id`` as it was is refused, in every table that has rows by now."""
    town.take(asks("a", 1, "fire"), answers("r", 2, "a"))
    town.take(edit(asks("a", 1, "fire"), 3, "car"))
    tried = [name for name in AUDITED if refuses_a_silent_change(town, Base.metadata.tables[name])]
    assert set(tried) >= {"message", "message_version", "conversation", "turn", "episode", "contact", "rule", "user"}


def refuses_a_silent_change(town, table):
    with town.database.read() as db:
        if not db.scalar(select(func.count()).select_from(table)):
            return False
    column = next(one for one in table.columns if one.name not in ("audit_id", "id"))
    with pytest.raises(DBAPIError, match="without its audit event"), town.database.write() as db:
        db.execute(update(table).values({column.name: column}))
    return True


def test_every_business_table_has_its_guard(town):
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if town.database.sqlite
        else "SELECT tgname FROM pg_trigger"
    )
    with town.database.read() as db:
        assert set(db.scalars(text(names))) >= {f"{table}_audited" for table in AUDITED}


def test_a_change_that_states_nothing_cannot_be_committed(town):
    with pytest.raises(RuntimeError), change(town.database, home(town), COMMAND, NOW) as c:
        c.db.add(Topic(workspace_id=home(town), word="Bees", audit_id=0))
    assert not town.rows(Topic, Topic.word == "Bees")
    assert verdicts(town)[home(town)] is None


def test_a_row_cannot_name_an_event_that_does_not_exist(town):
    with pytest.raises(DBAPIError), town.database.write() as db:
        db.execute(insert(Topic).values(workspace_id=home(town), word="Bees", audit_id=10_000))


def test_a_change_costs_the_same_however_much_is_stored(town):
    """Written after its rows, an event makes SQLite look through every audited table: its steps are counted here."""
    if not town.database.sqlite:
        pytest.skip("Postgres looks for the event of each row, never for the rows of an event")
    town.take(asks("first", 0))
    before = steps(town, lambda: add_topic(town, "Bees"))
    town.take(*(asks(f"m{number}", number, contact=person(f"p{number}")) for number in range(400)))
    assert steps(town, lambda: add_topic(town, "Bats")) < before + 1_000


def steps(town, act):
    """How many steps of SQLite's machine an act takes, in tens."""
    taken = []

    def count(connection, *_args):
        connection.connection.dbapi_connection.set_progress_handler(lambda: taken.append(10), 10)

    event.listen(town.database.writer, "before_cursor_execute", count)
    act()
    event.remove(town.database.writer, "before_cursor_execute", count)
    return sum(taken)


def test_the_step_counter_sees_a_search_through_a_table(town):
    """The planted mistake: the event is written after the row that names it."""
    if not town.database.sqlite:
        pytest.skip("the counter is SQLite's")
    town.take(*(asks(f"m{number}", number, contact=person(f"p{number}")) for number in range(400)))

    def late(number):
        with town.database.write() as db:
            origin = {column.name: getattr(events(town)[0], column.name) for column in AuditEvent.__table__.columns}
            db.execute(insert(Topic).values(workspace_id=home(town), word=f"w{number}", audit_id=number))
            db.execute(insert(AuditEvent).values(**origin | {"id": number, "sequence": number}))

    assert steps(town, lambda: late(5_000)) > steps(town, lambda: add_topic(town, "Bats")) + 1_000


def test_a_change_states_one_event(town):
    with pytest.raises(RuntimeError), change(town.database, home(town), COMMAND, NOW) as c:
        c.state("add", "topic")
        c.state("add", "topic")


def test_a_change_that_fails_leaves_no_event_and_no_revision(town):
    before, revision = len(events(town)), town.rows(Revision)[0].number
    with pytest.raises(NotFound), change(town.database, home(town), COMMAND, NOW) as c:
        c.db.add(Topic(workspace_id=home(town), word="Bees", audit_id=0))
        c.state("add", "topic")
        raise NotFound
    assert (len(events(town)), town.rows(Revision)[0].number) == (before, revision)
    add_topic(town)
    assert verdicts(town)[home(town)] is None


def test_rows_that_are_new_or_changed_get_the_events_number_by_themselves(town):
    c = add_topic(town)
    [topic] = town.rows(Topic, Topic.word == "Bees")
    assert topic.audit_id == c.audit_id == events(town)[-1].id


def test_a_row_that_was_only_read_keeps_its_event(town):
    town.take(asks("a", 1))
    before = town.rows(Conversation)[0].audit_id
    with change(town.database, home(town), COMMAND, NOW) as c:
        row = c.db.scalars(select(Conversation)).one()
        row.state = str(row.state)
        c.state("look", "conversation")
    assert town.rows(Conversation)[0].audit_id == before


def test_an_event_says_who_and_from_where(town):
    scope = scope_of(home(town), 1)
    with change(town.database, home(town), actor_of(scope), NOW) as c:
        c.state("look", "topic", 3, before=1, after={"b": 2, "a": 1}, reason="because")
    told = events(town)[-1]
    assert (told.actor, told.user_id, told.action, told.object, told.object_id) == ("Somebody", 1, "look", "topic", 3)
    assert (told.before, told.after, told.reason, told.at) == (1, {"a": 1, "b": 2}, "because", NOW)


def test_personal_text_stands_as_a_digest_that_needs_the_key(town):
    with change(town.database, home(town), COMMAND, NOW) as c:
        first, second = c.digest("hello"), c.digest("hello")
        c.state("look", "topic", after=first)
    assert first == second
    assert len(first) == 32
    assert "hello" not in json.dumps(first)


def test_listeners_hear_after_the_commit_and_not_of_what_changed_nothing(town):
    heard = []

    def listen(workspace_id, revision):
        heard.append((workspace_id, revision, town.rows(Revision)[0].number))

    town.database.listen(listen)
    add_topic(town)
    with change(town.database, home(town), COMMAND, NOW):
        pass
    with change(town.database, INSTALLATION, COMMAND, NOW) as c:
        c.state("look", "user")
    number = town.rows(Revision)[0].number
    assert heard == [(home(town), number, number)]


def test_a_revision_belongs_to_a_workspace(town):
    with pytest.raises(NotFound), town.database.write() as db:
        raise_revision(db, 12345)


def test_changes_of_one_workspace_queue_and_their_chain_stays_whole(town):
    threads = [threading.Thread(target=add_topic, args=(town, f"word {number}")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(town.rows(Topic, Topic.word.like("word %"))) == 8
    assert verdicts(town)[home(town)] is None


def test_two_events_cannot_have_one_place_in_the_chain(town):
    add_topic(town)
    last = events(town)[-1]
    values = {column.name: getattr(last, column.name) for column in AuditEvent.__table__.columns} | {"id": last.id + 99}
    with pytest.raises(DBAPIError), town.database.write() as db:
        db.execute(insert(AuditEvent).values(**values))


def test_postgres_tells_other_processes_of_a_commit(town):
    if town.database.sqlite:
        pytest.skip("SQLite has no channel: other processes ask for its data version")
    said = []
    event.listen(town.database.writer, "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
    add_topic(town)
    assert [given["channel"] for asked, given in said if "pg_notify" in asked] == [CHANNEL]
