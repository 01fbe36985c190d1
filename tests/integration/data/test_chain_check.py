"""Walks through the chain that people ask for: how far they are, what they found, and that they can be stopped."""

import threading

import pytest
from sqlalchemy import text

from data import chain_check
from data.anchors import Anchors
from data.audit import change
from data.chain_check import ChainChecks
from models.audit import COMMAND
from models.problems import NotPermitted
from models.snapshots import ChainCheck
from tests.rows import NOW, add_workspace, open_database, scope_of

PATIENT = 20


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def home(database):
    home = add_workspace(database)
    for number in range(3):
        with change(database, home, COMMAND, NOW) as c:
            c.state("look", "topic", number)
    return home


@pytest.fixture
def checks(database, tmp_path):
    return ChainChecks(database, lambda: NOW, tmp_path / "anchors")


def walked(checks, scope):
    checks.start(scope)
    checks.wait(scope, PATIENT)
    return checks.look(scope)


def test_a_whole_chain_is_said_to_be_whole_and_the_look_is_on_the_record(database, home, checks, tmp_path):
    scope = scope_of(home, 1, "Auditor")
    checks.wait(scope, PATIENT)
    assert checks.look(scope) == ChainCheck()
    assert walked(checks, scope) == ChainCheck(ended=NOW, events=4)
    Anchors(database, tmp_path / "anchors").drop(NOW)
    assert walked(checks, scope) == ChainCheck(ended=NOW, events=5, anchored=NOW)
    with database.read() as db:
        said = db.execute(text("SELECT action, after FROM audit_event ORDER BY id DESC LIMIT 1")).one()
    assert tuple(said) == ("verify", '{"events":5,"whole":true}')


def test_a_forged_event_is_named(database, home, checks):
    with database.write() as db:
        if database.sqlite:
            db.execute(text("DROP TRIGGER audit_event_no_update"))
        else:
            db.execute(text("SET LOCAL session_replication_role = replica"))
        db.execute(
            text("UPDATE audit_event SET actor = 'x' WHERE workspace_id = :home AND sequence = 2"), {"home": home}
        )
    found = walked(checks, scope_of(home, 1, "Auditor"))
    assert (found.events, found.problem.startswith("event 2, number ")) == (1, True)


def test_changed_anchors_are_told(database, home, checks, tmp_path):
    Anchors(database, tmp_path / "anchors").drop(NOW)
    path = tmp_path / "anchors"
    path.write_text(path.read_text().replace("2026", "2025", 1))
    assert "line 1" in walked(checks, scope_of(home, 1, "Auditor")).problem


def test_a_missing_event_and_a_walk_that_fails_are_told(database, home, checks, monkeypatch):
    with database.write() as db:
        db.execute(text("UPDATE audit_head SET sequence = 9 WHERE workspace_id = :home"), {"home": home})
    assert walked(checks, scope_of(home, 1, "Auditor")).problem.startswith("event 5: ")

    def fails(*_args, **_more):
        raise OSError

    monkeypatch.setattr(chain_check, "verify", fails)
    assert "could not be read" in walked(checks, scope_of(home, 1, "Auditor")).problem


def test_a_walk_can_be_stopped_and_there_is_one_at_a_time(database, home, checks, monkeypatch):
    scope, under_way, go_on, begun = scope_of(home, 1, "Auditor"), threading.Event(), threading.Event(), []

    def slow(_database, _anchored, report, only):
        begun.append(only)
        report(5, 10)
        under_way.set()
        go_on.wait(PATIENT)
        report(6, 10)

    monkeypatch.setattr(chain_check, "verify", slow)
    checks.start(scope)
    under_way.wait(PATIENT)
    assert checks.look(scope) == ChainCheck(running=True, done=5, total=10)
    checks.start(scope)
    checks.stop(scope)
    go_on.set()
    checks.wait(scope, PATIENT)
    assert (checks.look(scope), begun) == (ChainCheck(ended=NOW, stopped=True), [home])


def test_only_those_who_may_read_the_audit_walk_it(home, checks):
    for act in (checks.start, checks.stop, checks.look):
        with pytest.raises(NotPermitted):
            act(scope_of(home, 1, "Supervisor"))
