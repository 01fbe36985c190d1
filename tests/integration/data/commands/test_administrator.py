from sqlalchemy import select

from data.clock import utc_now
from data.people import workspaces_of
from data.signing import sign_in
from data.throttle import Throttle
from models.people import User
from tests import rows


def test_an_administrator_is_made_who_can_sign_in(run, database):
    said = run("create-admin", "ruth", "--name", "Ruth Hale", given=f"{rows.PASSWORD}\n{rows.PASSWORD}\n").output
    assert "manages this installation" in said
    assert rows.PASSWORD not in said
    assert sign_in(database, Throttle(), "ruth", rows.PASSWORD, "127.0.0.1", utc_now())
    with database.read() as db:
        user = db.scalars(select(User)).one()
        assert (user.name, user.installation_administrator) == ("Ruth Hale", True)
    assert workspaces_of(database, user.id) == ()


def test_a_workspace_is_made_with_them_where_it_is_missing(run, database):
    for name in ("ruth", "mo"):
        run("create-admin", name, "--workspace", "Control Room", given=f"{rows.PASSWORD}\n{rows.PASSWORD}\n")
    with database.read() as db:
        keys = db.scalars(select(User.id)).all()
    assert [[mark.slug for mark in workspaces_of(database, key)] for key in keys] == [["control-room"]] * 2


def test_a_short_password_is_refused_in_plain_words(run):
    assert "longer password" in run("create-admin", "ruth", given="short\nshort\n", code=1).output


def test_a_name_that_is_taken_is_refused(run):
    run("create-admin", "ruth", given=f"{rows.PASSWORD}\n{rows.PASSWORD}\n")
    assert "taken" in run("create-admin", "Ruth", given=f"{rows.PASSWORD}\n{rows.PASSWORD}\n", code=1).output
