"""Users and the roles they hold: one change, one event."""

import pytest
from sqlalchemy import delete, select

from data.audit import change
from data.people import change_password, create_user, disable_user, grant, withdraw, workspace_mark, workspaces_of
from data.signing import session_of, sign_in
from data.throttle import Throttle
from models.audit import COMMAND, INSTALLATION, AuditEvent
from models.people import Membership, Role, SignedIn, User
from models.problems import BadValue, NotFound, WeakPassword, WrongSignIn
from tests.rows import NOW, PASSWORD, add_member, add_user, add_workspace, open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def last_event(database):
    with database.read() as db:
        return db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def test_a_new_user_signs_in_and_holds_no_role(database):
    key = create_user(database, " Ann ", "Ann Archer", PASSWORD, NOW, COMMAND)
    assert session_of(database, sign_in(database, Throttle(), "ANN", PASSWORD, "", NOW), NOW).user_id == key
    assert workspaces_of(database, key) == ()


def test_the_event_of_a_new_user_names_no_password_and_no_name(database):
    key = create_user(database, "ann", "Ann Archer", PASSWORD, NOW, COMMAND)
    event = last_event(database)
    assert (event.workspace_id, event.action, event.object, event.object_id) == (INSTALLATION, "create", "user", key)
    assert event.after == {"installation_administrator": False, "demonstration": False}


@pytest.mark.parametrize(
    ("sign_in", "name"), [("", "Ann"), ("two words", "Ann"), ("a" * 101, "Ann"), ("ann", " "), ("a\0", "Ann")]
)
def test_a_user_needs_names_that_work(database, sign_in, name):
    with pytest.raises(BadValue):
        create_user(database, sign_in, name, PASSWORD, NOW, COMMAND)


def test_a_user_needs_a_password_of_some_length(database):
    with pytest.raises(WeakPassword):
        create_user(database, "ann", "Ann", "short", NOW, COMMAND)


def test_two_users_cannot_sign_in_by_the_same_name(database):
    add_user(database, "ann")
    with pytest.raises(BadValue, match="taken"):
        create_user(database, "ANN", "Another Ann", PASSWORD, NOW, COMMAND)
    with pytest.raises(BadValue, match="taken"):
        create_user(database, "\uff41nn", "A wide Ann", PASSWORD, NOW, COMMAND)


def test_a_disabled_user_is_signed_out_everywhere(database):
    key = add_user(database, "ann")
    token = sign_in(database, Throttle(), "ann", PASSWORD, "", NOW)
    disable_user(database, key, NOW, COMMAND)
    assert session_of(database, token, NOW) is None
    with database.read() as db:
        assert db.scalar(select(SignedIn.ended_why)) == "disabled"
    with pytest.raises(WrongSignIn):
        sign_in(database, Throttle(), "ann", PASSWORD, "", NOW)


def test_a_new_password_ends_the_sessions_begun_with_the_old_one(database):
    key = add_user(database, "ann")
    token = sign_in(database, Throttle(), "ann", PASSWORD, "", NOW)
    change_password(database, key, "three random words", NOW, COMMAND)
    assert session_of(database, token, NOW) is None
    assert sign_in(database, Throttle(), "ann", "three random words", "", NOW)
    with pytest.raises(WrongSignIn):
        sign_in(database, Throttle(), "ann", PASSWORD, "", NOW)


def test_roles_are_granted_and_withdrawn_in_one_workspace(database):
    north, south = add_workspace(database), add_workspace(database, "south")
    key = add_member(database, north, "ann", "Operator")
    grant(database, south, key, "Analyst", NOW, COMMAND)
    assert [mark.slug for mark in workspaces_of(database, key)] == ["north", "south"]
    assert (last_event(database).workspace_id, last_event(database).after) == (south, {"role": "Analyst"})
    withdraw(database, north, key, "Operator", NOW, COMMAND)
    assert [mark.slug for mark in workspaces_of(database, key)] == ["south"]


def test_granting_a_role_twice_holds_it_once(database):
    north = add_workspace(database)
    key = add_member(database, north, "ann", "Operator")
    grant(database, north, key, "Operator", NOW, COMMAND)
    with database.read() as db:
        assert len(db.scalars(select(Membership)).all()) == 1


def test_a_built_in_role_newer_than_the_workspace_comes_to_it_with_whoever_gives_it_first(database):
    north = add_workspace(database)
    key = add_user(database, "ann")
    with database.write() as db:
        db.execute(delete(Role).where(Role.name == "Auditor"))
    grant(database, north, key, "Auditor", NOW, COMMAND)
    with database.read() as db:
        made = db.scalars(select(Role).where(Role.name == "Auditor")).one()
        assert (made.workspace_id, made.built_in, made.audit_id) == (north, True, last_event(database).id)


def test_what_is_not_there_cannot_be_changed(database):
    north = add_workspace(database)
    key = add_user(database, "ann")
    for act in (
        lambda: grant(database, north, key, "Wizard", NOW, COMMAND),
        lambda: grant(database, north, 999, "Operator", NOW, COMMAND),
        lambda: withdraw(database, north, key, "Operator", NOW, COMMAND),
        lambda: disable_user(database, 999, NOW, COMMAND),
        lambda: change_password(database, 999, PASSWORD, NOW, COMMAND),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_user_cannot_be_changed_without_an_event(database):
    key = add_user(database, "ann")
    with pytest.raises(Exception, match="without its audit event"), database.write() as db:
        db.get_one(User, key).name = "Somebody else"
    with change(database, INSTALLATION, COMMAND, NOW) as c:
        c.db.get_one(User, key).name = "Ann Baker"
        c.state("rename", "user", key)


def test_a_workspace_that_is_not_there_has_no_mark(database):
    with pytest.raises(NotFound):
        workspace_mark(database, 999)
