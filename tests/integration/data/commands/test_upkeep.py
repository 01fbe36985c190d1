"""Migrate, status, backup, restore, verify and rebuild, on a database with something in it."""

import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from data.accounts import NewAccount, add_account
from data.audit import change
from data.clock import utc_now
from data.commands.upkeep import age
from data.credentials import CredentialsBox
from data.database import schema_is_current
from data.election import seat_of
from data.intake import take
from data.page import AccountFacts
from data.polls import followed
from models.audit import COMMAND, AuditEvent
from models.conversation import Message
from models.entities import Base
from models.posts import Author, Batch, Direction, Kind, Post
from models.rollups import Daily, Hourly, HourlyTotal, ResponseSketch
from models.workspace import Account, Heartbeat, Rule, Workspace
from tests import rows
from tests.fakes import NOON, page

BOX = CredentialsBox("k" * 32)
NEW = NewAccount("x", "@north", credentials={"bearer_token": "b"})


@pytest.fixture
def filled(database):
    """A workspace with an account, messages on both sides, sums and events."""
    workspace_id = rows.add_workspace(database, at=NOON)
    add_account(database, BOX, workspace_id, NEW, utc_now, COMMAND)
    (account,) = followed(database)
    facts = AccountFacts(workspace_id, account.id, "x")
    take(database, facts, page(range(40)), NOON, utc_now)
    answers = tuple(answer(number) for number in range(5))
    take(database, facts, Batch(answers, "later"), NOON, utc_now)
    return database


def answer(number):
    contact = Author(f"person-{number}", f"person{number}", f"Person {number}")
    return Post(
        f"answer-{number}",
        NOON + timedelta(minutes=number),
        "Thank you, we know of it",
        Kind.PUBLIC,
        Direction.OUT,
        contact=contact,
        parent_id=f"post-{number}",
    )


def contents(database):
    """Every row of every table."""
    with database.read() as db:
        return {
            name: sorted(map(str, db.execute(select(*table.columns)).all()))
            for name, table in Base.metadata.tables.items()
            if name != "heartbeat"
        }


def test_a_database_is_migrated_and_may_be_again(run, empty_database_url):
    for _ in range(2):
        said = run("migrate", WATCHROOM_DATABASE_URL=empty_database_url).output
        assert "at the newest schema" in said
    opened = rows.open_database(empty_database_url)
    assert schema_is_current(opened)
    opened.close()


def test_status_of_a_database_that_was_never_migrated_says_what_to_do(run, empty_database_url):
    said = run("status", code=1, WATCHROOM_DATABASE_URL=empty_database_url).output
    assert "flask --app app migrate" in said
    assert "migrate" in run("verify", code=1, WATCHROOM_DATABASE_URL=empty_database_url).output


def test_status_says_in_plain_words_how_everything_stands(run, filled):
    said = run("status", code=1).output
    assert "takes writes" in said and "45 messages" in said
    assert "NOT RUNNING, last sign of life never" in said
    with filled.write() as db:
        db.add(Heartbeat(name="poller", holder="here", at=utc_now()))
    said = run("status").output
    assert "alive, last sign of life" in said
    assert "Accounts    1: 1 quiet" in said or "Accounts    1: 1 live" in said


def test_status_names_what_of_a_workspace_cannot_be_read(run, filled):
    with change(filled, 1, COMMAND, NOON) as c:
        rule = c.db.scalars(select(Rule)).first()
        rule.conditions = {"moon": "full"}
        c.state("spoil", "rule", rule.id)
    said = run("status", code=1).output
    assert f"Left out    north: rule '{rule.name}': conditions.moon: not known" in said


def test_status_names_the_account_that_brings_nothing(run, filled):
    with filled.write() as db:
        db.add(Heartbeat(name="poller", holder="here", at=utc_now()))
        db.execute(
            text("UPDATE account_poll SET refused = :yes, reason = 'the network refused the credentials'"),
            {"yes": True},
        )
    said = run("status", code=1).output
    assert "@north (x, north): access refused" in said
    assert "the network refused the credentials" in said


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_durations_are_said_in_one_unit(length, words):
    assert age(length) == words


def test_a_backup_put_back_is_the_same_to_the_last_row(run, filled, tmp_path):
    file = tmp_path / "backup"
    assert "45 messages" in run("backup", file).output
    assert file.stat().st_mode & 0o777 == 0o600
    before = contents(filled)
    with filled.write() as db:
        db.execute(text("DELETE FROM quarantine"))
        db.execute(text("DELETE FROM hourly"))
    rows.add_workspace(filled, "south")
    assert contents(filled) != before
    said = run("restore", file, "--yes").output
    assert "Its audit holds" in said
    assert contents(filled) == before
    rows.add_workspace(filled, "south")
    assert "south: 1 events hold" in run("verify").output


def test_a_backup_goes_into_an_empty_database_without_more_ado(run, filled, tmp_path, empty_database_url):
    run("backup", tmp_path / "backup")
    run("restore", tmp_path / "backup", WATCHROOM_DATABASE_URL=empty_database_url)
    other = rows.open_database(empty_database_url)
    assert contents(other) == contents(filled)
    other.close()


def test_a_database_that_is_not_empty_is_not_overwritten_by_mistake(run, filled, tmp_path):
    run("backup", tmp_path / "backup")
    rows.add_workspace(filled, "south")
    before = contents(filled)
    assert "give --yes" in run("restore", tmp_path / "backup", code=1).output
    assert contents(filled) == before


def test_a_database_in_use_by_a_server_is_not_overwritten(run, filled, tmp_path):
    run("backup", tmp_path / "backup")
    seat = seat_of(filled)
    assert seat.take()
    assert "stop it first" in run("restore", tmp_path / "backup", "--yes", code=1).output
    seat.give_up()


def test_a_backup_never_replaces_a_file(run, filled, tmp_path):
    file = tmp_path / "backup"
    file.write_text("something else")
    assert "exists already" in run("backup", file, code=1).output
    assert file.read_text() == "something else"


def test_a_backup_that_cannot_be_written_leaves_nothing(run, filled, tmp_path):
    assert "cannot be written" in run("backup", tmp_path / "gone" / "backup", code=1).output


def damage_middle(file):
    raw = bytearray(file.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 4096] = bytes(255 - byte for byte in raw[middle : middle + 4096])
    file.write_bytes(raw)


def cut_off(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def not_a_backup(file):
    file.write_text("sent,text\n")


@pytest.mark.parametrize("spoil", [damage_middle, cut_off, not_a_backup])
def test_a_damaged_backup_is_refused_and_changes_nothing(run, filled, tmp_path, spoil):
    file = tmp_path / "backup"
    run("backup", file)
    spoil(file)
    before = contents(filled)
    run("restore", file, "--yes", code=1)
    assert contents(filled) == before


def test_a_backup_with_a_forged_event_is_refused(run, filled, tmp_path, database_kind):
    forge(filled, database_kind)
    run("backup", tmp_path / "backup")
    said = run("restore", tmp_path / "backup", "--yes", code=1).output
    assert "audit does not hold at event" in said


def test_a_backup_from_another_version_is_refused(run, filled, tmp_path, database_kind):
    if database_kind == "sqlite":
        pytest.skip("a SQLite backup is migrated to this version")
    file, other = tmp_path / "backup", tmp_path / "other"
    run("backup", file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            raw = source.read(name)
            target.writestr(
                name, re.sub(rb'"version": "[^"]*"', b'"version": "0000"', raw) if name == "about.json" else raw
            )
    assert "another version" in run("restore", other, "--yes", code=1).output


def forge(database, kind):
    """Change an event behind the guard that refuses it."""
    off, on = (
        ("DROP TRIGGER audit_event_no_update", "SELECT 1")
        if kind == "sqlite"
        else ("ALTER TABLE audit_event DISABLE TRIGGER USER", "ALTER TABLE audit_event ENABLE TRIGGER USER")
    )
    with database.write() as db:
        db.execute(text(off))
        db.execute(text("UPDATE audit_event SET actor = 'nobody' WHERE workspace_id = 1 AND sequence = 2"))
        db.execute(text(on))


def test_verify_names_the_first_event_that_was_changed(run, filled, database_kind):
    assert "DOES NOT HOLD" not in run("verify").output
    with filled.read() as db:
        event_id = db.scalar(select(AuditEvent.id).where(AuditEvent.workspace_id == 1, AuditEvent.sequence == 2))
    forge(filled, database_kind)
    said = run("verify", code=1).output
    assert f"north: DOES NOT HOLD at event 2 (id {event_id}): it was changed" in said
    assert "installation: 1 events hold" in said


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM audit_event WHERE workspace_id = 1 AND sequence = 2", "at event 2: an event is missing"),
        (
            "DELETE FROM audit_event WHERE workspace_id = 1 AND sequence = 4",
            "at event 4: the events after it are missing",
        ),
        ("UPDATE audit_head SET digest = 'x' WHERE workspace_id = 1", "the chain's head was changed"),
    ],
)
def test_verify_finds_what_is_missing(run, filled, database_kind, statement, words):
    with filled.write() as db:
        if database_kind == "sqlite":
            db.execute(text("DROP TRIGGER audit_event_no_delete"))
            db.execute(text("PRAGMA defer_foreign_keys=ON"))
            # Rows that point to the event would hold it: nothing of ours could ever remove one.
            for name in ("message", "conversation", "contact", "turn", "episode", "account", "interval"):
                db.execute(text(f'DROP TRIGGER "{name}_audited"'))
                db.execute(
                    text(f'UPDATE "{name}" SET audit_id = (SELECT min(id) FROM audit_event WHERE workspace_id = 1)')
                )
        else:
            db.execute(text("SET session_replication_role = replica"))
        db.execute(text(statement))
        if database_kind == "postgres":
            db.execute(text("SET session_replication_role = DEFAULT"))
    assert words in run("verify", code=1).output


def test_another_key_cannot_verify(run, filled):
    assert "another WATCHROOM_AUDIT_KEY" in run("verify", code=1, WATCHROOM_AUDIT_KEY="x" * 32).output


SUMS = (Hourly, HourlyTotal, Daily)


def sums(database):
    with database.read() as db:
        return {entity: sorted(db.execute(select(*entity.__table__.columns)).all()) for entity in SUMS} | {
            ResponseSketch: sorted(
                db.execute(
                    select(ResponseSketch.day, ResponseSketch.clock, ResponseSketch.grade_id, ResponseSketch.count)
                )
            )
        }


def test_sums_made_again_are_the_sums_that_intake_kept(run, filled):
    before = sums(filled)
    assert all(before.values())
    assert "0 wrong" in run("rebuild").output
    assert sums(filled) == before


def test_a_wrong_sum_is_found_named_and_mended(run, filled):
    before = sums(filled)
    with filled.write() as db:
        db.execute(text("UPDATE hourly SET count = count + 5"))
        db.execute(text("DELETE FROM daily"))
        db.execute(text("UPDATE response_sketch SET count = 0"))
    spoilt = sums(filled)
    said = run("rebuild", "--check", code=1).output
    assert "north: " in said and "hourly 2026-11-23T" in said
    assert sums(filled) == spoilt
    run("rebuild")
    assert sums(filled) == before
    assert "0 wrong" in run("rebuild", "--check").output


def test_what_is_backed_up_holds_something(filled):
    with filled.read() as db:
        assert [db.scalar(select(func.count()).select_from(e)) for e in (Workspace, Account, Message)] == [1, 1, 45]
