"""Verifying the audit at the command line: of the database, with its anchors, and of a backup where it lies."""

import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from data.anchors import Anchors, anchor_path
from data.audit import change
from data.sealed import verify_backup
from models.audit import COMMAND
from models.problems import BackupRefused
from models.workspace import Topic
from tests import rows

ODD = "tab\there, \\ back, “quotes” and\nlines \\N"


@pytest.fixture
def filled(database):
    home = rows.add_workspace(database)
    for number in range(4):
        with change(database, home, COMMAND, rows.NOW + timedelta(minutes=number)) as c:
            c.db.add(Topic(workspace_id=home, word=f"word {number}", audit_id=0))
            c.state("add", "topic", after={"word": ODD}, reason=ODD if number else "")
    return database


@pytest.fixture
def anchors(filled, environment, tmp_path):
    return Anchors(filled, anchor_path(filled.url, tmp_path / "var"))


def forge(database, statement):
    with database.write() as db:
        if database.sqlite:
            db.execute(text("DROP TRIGGER audit_event_no_update"))
        else:
            db.execute(text("SET session_replication_role = replica"))
        db.execute(text(statement))
        if not database.sqlite:
            db.execute(text("SET session_replication_role = DEFAULT"))


def test_verify_says_what_holds_and_when_it_was_anchored(run, filled, anchors):
    assert "Nothing is anchored yet" in run("verify").output
    anchors.drop(rows.NOW)
    said = run("verify").output
    assert "north: 5 events hold, anchored 23 November 2026 14:30 UTC" in said
    assert "Nothing is anchored" not in said


def test_changed_anchors_are_told(run, filled, anchors, tmp_path):
    anchors.drop(rows.NOW)
    path = anchor_path(filled.url, tmp_path / "var")
    path.write_text(path.read_text().replace("2026", "2025", 1))
    assert "The anchors DO NOT HOLD: line 1" in run("verify", code=1).output


def test_a_backup_is_verified_where_it_lies(run, filled, tmp_path):
    file = tmp_path / "kept"
    run("backup", file)
    before = file.read_bytes()
    said = run("verify", file).output
    assert "workspace 1: 5 events hold" in said
    assert "installation: 1 events hold" in said
    assert file.read_bytes() == before
    assert "another WATCHROOM_AUDIT_KEY" in run("verify", file, code=1, WATCHROOM_AUDIT_KEY="x" * 32).output


def test_a_forged_event_in_a_backup_is_named(run, filled, tmp_path):
    forge(filled, "UPDATE audit_event SET actor = 'nobody' WHERE workspace_id = 1 AND sequence = 3")
    run("backup", tmp_path / "kept")
    assert "workspace 1: DOES NOT HOLD at event 3" in run("verify", tmp_path / "kept", code=1).output


@pytest.mark.parametrize("kind", ["text", "zip"])
def test_what_is_no_backup_is_refused(tmp_path, kind):
    file = tmp_path / "file"
    if kind == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("about.json", "{}")
    else:
        file.write_text("no database at all, however long it may be " * 40)
    with pytest.raises(BackupRefused):
        verify_backup(file, rows.AUDIT_KEY)


def test_a_restored_database_is_anchored_anew(run, filled, anchors, tmp_path):
    run("backup", tmp_path / "kept")
    home = 1
    with change(filled, home, COMMAND, rows.NOW) as c:
        c.db.add(Topic(workspace_id=home, word="Bees", audit_id=0))
        c.state("add", "topic")
    anchors.drop(rows.NOW)
    run("restore", tmp_path / "kept", "--yes")
    assert "north: 5 events hold, anchored" in run("verify").output


@pytest.mark.parametrize(
    "values", ["sequence = 'x'", "at = 'soon'", "actor = x'ff00'", "user_id = 1.5", "after = x'00'"]
)
def test_what_cannot_be_an_event_is_named_and_stops_nothing(run, filled, values):
    if not filled.sqlite:
        pytest.skip("Postgres keeps the kinds of its columns")
    forge(filled, f"UPDATE audit_event SET {values} WHERE workspace_id = 1 AND sequence = 3")
    assert "north: DOES NOT HOLD at event 3" in run("verify", code=1).output


def test_text_that_no_driver_can_read_is_named(run, filled):
    if not filled.sqlite:
        pytest.skip("Postgres refuses such text")
    forge(filled, "UPDATE audit_event SET reason = CAST(x'ff' AS TEXT) WHERE workspace_id = 1 AND sequence = 3")
    assert "north: DOES NOT HOLD at event 3: it cannot be read" in run("verify", code=1).output
