"""The ends of the audit chains, noted outside the database: a cut tail is found, and so is a changed note."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from data.anchors import Anchors, anchor_path, read_anchors
from data.audit import change
from data.verification import verify
from models.audit import COMMAND, INSTALLATION, AuditEvent, AuditHead
from models.workspace import Topic
from tests.rows import AUDIT_KEY, NOW, add_workspace, open_database

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def home(database):
    return add_workspace(database)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "beside" / "watchroom.anchors"


@pytest.fixture
def anchors(database, home, path):
    return Anchors(database, path)


def add_topic(database, home, word):
    with change(database, home, COMMAND, NOW) as c:
        c.db.add(Topic(workspace_id=home, word=word, audit_id=0))
        c.state("add", "topic")


def cut(database, home, keep):
    """Take the end off a chain as somebody with the database would, its head too."""
    with database.write() as db:
        if database.sqlite:
            db.execute(text("DROP TRIGGER audit_event_no_delete"))
            db.execute(text("PRAGMA defer_foreign_keys=ON"))
            db.execute(text("DELETE FROM topic"))
        else:
            db.execute(text("SET session_replication_role = replica"))
        gone = (AuditEvent.workspace_id == home, AuditEvent.sequence > keep)
        db.execute(delete(AuditEvent).where(*gone))
        last = db.query(AuditEvent).filter_by(workspace_id=home, sequence=keep).one()
        db.execute(update(AuditHead).where(AuditHead.workspace_id == home).values(sequence=keep, digest=last.digest))
        if not database.sqlite:
            db.execute(text("SET session_replication_role = DEFAULT"))


def verdict(database, path, home):
    found = {one.workspace_id: one for one in verify(database, read_anchors(path, AUDIT_KEY))}
    return found[home]


def test_a_cut_tail_is_found_though_the_head_was_moved_with_it(database, home, anchors, path):
    for word in ("Bees", "Bats", "Moths"):
        add_topic(database, home, word)
    assert anchors.drop(NOW)
    cut(database, home, 2)
    assert {one.workspace_id: one.bad for one in verify(database)}[home] is None, "without anchors it is not seen"
    found = verdict(database, path, home)
    assert (found.bad.sequence, found.events, found.anchored) == (3, 2, NOW)
    assert "4 were anchored" in found.bad.why


def test_only_what_grew_is_written_and_nothing_where_nothing_did(database, home, anchors, path):
    assert anchors.drop(NOW)
    assert not anchors.drop(NOW + MINUTE)
    add_topic(database, home, "Bees")
    assert anchors.drop(NOW + 2 * MINUTE)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [[head[0] for head in line["heads"]] for line in lines] == [[INSTALLATION, home], [home]]
    assert verdict(database, path, home).bad is None
    assert verdict(database, path, INSTALLATION).anchored == NOW
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_process_goes_on_where_the_first_stopped(database, home, anchors, path):
    anchors.drop(NOW)
    add_topic(database, home, "Bees")
    Anchors(database, path).drop(NOW + MINUTE)
    add_topic(database, home, "Bats")
    assert anchors.drop(NOW + 2 * MINUTE)
    found = read_anchors(path, AUDIT_KEY)
    assert (found.problem, found.lines, found.newest) == ("", 3, NOW + 2 * MINUTE)


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("how", ["changed", "gone", "swapped"])
def test_a_changed_note_is_named(database, home, anchors, path, which, how):
    for number in range(4):
        add_topic(database, home, f"word {number}")
        anchors.drop(NOW + number * MINUTE)
    lines = path.read_text().splitlines(keepends=True)
    if how == "changed":
        lines[which] = lines[which].replace('"at":"2026', '"at":"2025')
    elif how == "gone":
        del lines[which]
    else:
        lines[which], lines[which + 1] = lines[which + 1], lines[which]
    path.write_text("".join(lines))
    assert f"line {which + 1} " in read_anchors(path, AUDIT_KEY).problem
    add_topic(database, home, "Bees")
    before = path.read_bytes()
    assert not Anchors(database, path).drop(NOW), "what was tampered with is left as it is"
    assert path.read_bytes() == before


def test_a_line_that_broke_off_is_passed_over(database, home, anchors, path):
    anchors.drop(NOW)
    with path.open("a") as file:
        file.write('{"at":"2026-11-2')
    add_topic(database, home, "Bees")
    assert Anchors(database, path).drop(NOW + MINUTE)
    found = read_anchors(path, AUDIT_KEY)
    assert (found.problem, found.lines) == ("", 2)


def test_an_event_that_is_not_the_anchored_one_is_named(database, home, anchors, path):
    """Somebody who has the key as well, and makes the chain anew, still has the anchors against them."""
    add_topic(database, home, "Bees")
    anchors.drop(NOW)
    found = read_anchors(path, AUDIT_KEY)
    sequence, _, at = found.heads[home]
    found.heads[home] = (sequence, "f" * 64, at)
    bad = {one.workspace_id: one.bad for one in verify(database, found)}[home]
    assert (bad.sequence, "anchored" in bad.why) == (sequence, True)


def test_a_chain_that_is_gone_altogether_is_missed(database, home, path):
    found = read_anchors(path, AUDIT_KEY)
    assert (found.newest, found.lines) == (None, 0)
    found.heads[77] = (5, "f" * 64, NOW)
    bad = {one.workspace_id: one.bad for one in verify(database, found)}[77]
    assert bad.sequence == 1


def test_a_restored_backup_begins_anew(database, home, anchors, path):
    for word in ("Bees", "Bats"):
        add_topic(database, home, word)
    anchors.drop(NOW)
    cut(database, home, 2)
    anchors.drop(NOW + MINUTE, restored=True)
    assert verdict(database, path, home).bad is None


def test_a_demonstration_that_was_thrown_away_leaves_no_anchors(database_url, path):
    path.parent.mkdir()
    path.write_text("left over\n")
    database = open_database(database_url)
    Anchors(database, path).begin_anew_where_empty()
    assert not path.exists()
    add_workspace(database)
    path.write_text("ours\n")
    Anchors(database, path).begin_anew_where_empty()
    assert path.exists()
    database.close()


def test_anchors_lie_beside_the_database():
    var = Path("var")
    assert anchor_path("sqlite:////srv/w.db", var) == Path("/srv/w.db.anchors")
    assert anchor_path("sqlite://", var) == var / "watchroom.anchors"
    assert anchor_path("postgresql+psycopg://u:p@h/control", var) == var / "control.anchors"
