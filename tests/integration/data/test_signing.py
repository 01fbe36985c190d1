"""Sessions: kept as hashes, ended for good, and what they may do looked up at every call."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy import update as change_rows

from data import passwords
from data.audit import change
from data.people import grant
from data.signing import (
    IDLE,
    LONGEST,
    NOTED,
    is_demonstration,
    keep_alive,
    remember_workspace,
    scope_for,
    session_of,
    sign_in,
    sign_out,
)
from data.standing import Standing, fallen
from data.throttle import BY_NAME, Throttle
from models.audit import COMMAND, AuditEvent
from models.people import Role, SignedIn
from models.permissions import BUILT_IN_ROLES, INSTALLATION_PERMISSIONS, Permission
from models.problems import DemonstrationOnly, TooManyTries, WrongSignIn
from models.workspace import Installation
from tests.rows import NOW, PASSWORD, add_member, add_user, add_workspace, mark_demonstration, open_database

ADDRESS = "192.0.2.1"


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


def enter(database, name="ann", at=NOW, address=ADDRESS, throttle=None):
    return sign_in(database, throttle or Throttle(), name, PASSWORD, address, at)


def test_the_database_never_holds_a_token(database):
    add_user(database, "ann")
    token = enter(database)
    with database.read() as db:
        kept = db.scalars(select(SignedIn)).one()
        assert token not in (kept.token_hash, kept.address, kept.ended_why)
        assert len(kept.token_hash) == 64


def test_signing_in_and_out_are_events(database):
    key = add_user(database, "ann")
    token = enter(database)
    sign_out(database, token, NOW)
    with database.read() as db:
        last = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(2)).all()
    assert [(event.action, event.user_id, event.address) for event in last] == [
        ("sign out", key, ADDRESS),
        ("sign in", key, ADDRESS),
    ]


def test_signing_out_twice_is_one_event(database):
    add_user(database, "ann")
    token = enter(database)
    sign_out(database, token, NOW)
    with database.read() as db:
        events = db.scalar(select(func.count()).select_from(AuditEvent))
    sign_out(database, token, NOW)
    sign_out(database, "no such token", NOW)
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(AuditEvent)) == events


@pytest.mark.parametrize(
    ("after", "good"),
    [(timedelta(0), True), (IDLE, True), (IDLE + timedelta(seconds=1), False)],
)
def test_a_session_ends_when_nobody_does_anything(database, after, good):
    add_user(database, "ann")
    token = enter(database)
    assert (session_of(database, token, NOW + after) is not None) is good


def test_looking_does_not_keep_a_session_alive(database):
    add_user(database, "ann")
    token = enter(database)
    session_of(database, token, NOW + IDLE)
    assert session_of(database, token, NOW + IDLE + timedelta(seconds=1)) is None


def test_acting_does_and_is_written_at_most_once_a_minute(database):
    add_user(database, "ann")
    token = enter(database)
    keep_alive(database, session_of(database, token, NOW), NOW + NOTED - timedelta(seconds=1))
    assert session_of(database, token, NOW).last_active == NOW
    keep_alive(database, session_of(database, token, NOW), NOW + NOTED)
    assert session_of(database, token, NOW).last_active == NOW + NOTED
    assert session_of(database, token, NOW + IDLE + NOTED) is not None


def test_a_busy_session_ends_all_the_same_after_a_long_shift(database):
    add_user(database, "ann")
    token = enter(database)
    keep_alive(database, session_of(database, token, NOW), NOW + LONGEST)
    assert session_of(database, token, NOW + LONGEST) is not None
    assert session_of(database, token, NOW + LONGEST + timedelta(seconds=1)) is None


def test_a_known_address_is_let_in_while_strangers_guess(database):
    add_user(database, "ann")
    enter(database)
    throttle = Throttle()
    for number in range(BY_NAME):
        throttle.begin("ann", f"198.51.100.{number}", False, NOW)
    assert enter(database, throttle=throttle)
    with pytest.raises(TooManyTries):
        enter(database, address="203.0.113.9", throttle=throttle)


def test_every_wrong_try_counts_also_for_a_name_nobody_has(database):
    throttle = Throttle()
    for name in ("ann", "zoe"):
        with pytest.raises(WrongSignIn):
            sign_in(database, throttle, name, "wrong", ADDRESS, NOW)
    assert ("zoe", ADDRESS) in throttle._tries


def test_a_try_that_nobody_had_time_to_look_at_counts_against_nobody(database, monkeypatch):
    add_user(database, "ann")
    throttle = Throttle()
    monkeypatch.setattr(passwords, "PATIENCE", timedelta(0))
    with ExitStack() as seats:
        for _ in range(passwords.AT_ONCE):
            seats.enter_context(passwords._seated())
        for _ in range(20):
            with pytest.raises(TooManyTries):
                enter(database, throttle=throttle)
    assert enter(database, throttle=throttle)


def test_a_demonstration_user_works_only_where_the_database_is_marked(database):
    add_user(database, "demo", demonstration=True)
    assert not is_demonstration(database)
    with pytest.raises(DemonstrationOnly):
        enter(database, "demo")
    mark_demonstration(database)
    assert is_demonstration(database)
    token = enter(database, "demo")
    with database.write() as db:
        db.delete(db.get_one(Installation, "demonstration"))
    assert session_of(database, token, NOW) is None


def test_a_scope_holds_the_permissions_of_every_role(database, north):
    key = add_member(database, north, "ann", "Operator")
    grant(database, north, key, "Analyst", NOW, COMMAND)
    session = session_of(database, enter(database), NOW)
    scope = scope_for(database, session, "north")
    assert (scope.workspace_id, scope.slug, scope.user_id, scope.name) == (north, "north", key, "Ann")
    assert scope.session_id == session.session_id
    assert scope.permissions == BUILT_IN_ROLES["Operator"] | BUILT_IN_ROLES["Analyst"]


def test_there_is_no_scope_without_a_role(database, north):
    south = add_workspace(database, "south")
    add_member(database, south, "sam", "Supervisor")
    add_user(database, "pat", installation_administrator=True)
    sam, pat = (session_of(database, enter(database, name), NOW) for name in ("sam", "pat"))
    assert scope_for(database, sam, "north") is None
    assert scope_for(database, sam, "nowhere") is None
    assert scope_for(database, pat, "nowhere") is None


def test_the_installation_administrator_administers_every_workspace_and_reads_in_none(database, north):
    add_user(database, "pat", installation_administrator=True)
    found = scope_for(database, session_of(database, enter(database, "pat"), NOW), "north")
    assert found.installation
    assert found.permissions == INSTALLATION_PERMISSIONS
    assert not found.permissions & {Permission.READ, Permission.REPLY, Permission.EXPORT_TEXTS}


def test_the_workspace_used_last_is_the_one_to_begin_with(database, north):
    south = add_workspace(database, "south")
    key = add_member(database, north, "ann", "Operator")
    grant(database, south, key, "Operator", NOW, COMMAND)
    session = session_of(database, enter(database), NOW)
    assert scope_for(database, session, None).slug == "north"
    remember_workspace(database, session, south)
    assert scope_for(database, session_of(database, enter(database), NOW), None).slug == "south"


def as_an_older_program_left_it(database, workspace_id):
    """Every role of the workspace as it was stored before all but one permission existed."""
    with change(database, workspace_id, COMMAND, NOW) as c:
        c.db.execute(
            change_rows(Role)
            .where(Role.workspace_id == workspace_id)
            .values(permissions=["view board"], audit_id=c.audit_id)
        )
        c.state("change", "role")


def test_new_permissions_reach_the_built_in_roles_of_workspaces_made_before_them(database, north):
    add_member(database, north, "ann", "Supervisor")
    as_an_older_program_left_it(database, north)
    session = session_of(database, enter(database), NOW)
    assert scope_for(database, session, "north").permissions == BUILT_IN_ROLES["Supervisor"]
    needs = frozenset({(north, Permission.MOVE_WORK)})
    assert fallen(database, {Standing(session.session_id, needs=needs)}, NOW) == {}
