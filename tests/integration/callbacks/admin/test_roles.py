"""Roles of a workspace's own, and what one person can see."""

from sqlalchemy import select

from data.audit import change
from models.audit import COMMAND
from models.people import Role, User
from tests.rows import NOW, add_workspace


def role_id(database, workspace_id, name):
    with database.read() as db:
        return db.scalars(select(Role.id).where(Role.workspace_id == workspace_id, Role.name == name)).one()


def test_a_role_of_ones_own_opens_what_it_names(database, north, tom, ann):
    tom.tab = "roles"
    made = tom.press("roles.create", fields={"name": "Listener", "may:view accounts": True})
    assert "The role is made" in made.notice
    key = role_id(database, north, "Listener")
    with database.read() as db:
        user = db.scalars(select(User.id).where(User.sign_in == "ann")).one()
    tom.press("users.roles", user, {f"role:{key}": True})
    assert ann.get("/accounts?workspace=north").status_code == 200
    assert ann.get("/queue?workspace=north").status_code == 403
    tom.press("roles.change", key, {"name": "Reader", "may:read messages": True})
    assert ann.get("/queue?workspace=north").status_code == 200
    assert ann.get("/accounts?workspace=north").status_code == 403
    assert "1 still hold it" in tom.press("roles.delete", key).notice
    tom.press("users.roles", user)
    assert "The role is gone" in tom.press("roles.delete", key).notice


def test_a_role_that_came_later_is_taken_in(database, north, tom):
    tom.tab = "roles"
    key = role_id(database, north, "Records officer")
    with change(database, north, COMMAND, NOW) as c:
        c.db.delete(c.db.get_one(Role, key))
        c.state("delete", "role", key)
    assert "Take in Records officer" in tom.look().body
    assert "no such thing" in tom.press("roles.take in", "Ruler").notice
    for _ in range(2):
        assert "can be given" in tom.press("roles.take in", "Records officer").notice
    assert "Take in" not in tom.look().body
    assert role_id(database, north, "Records officer")


def test_what_a_role_may_not_be(database, north, tom):
    tom.tab = "roles"
    operator = role_id(database, north, "Operator")
    for fields, said in (
        ({"name": "", "may:reply": True}, "give it a name"),
        ({"name": "operator", "may:reply": True}, "there is one called that"),
        ({"name": "None"}, "choose at least one"),
        ({"name": "Odd", "may:rule the world": True}, "choose at least one"),
    ):
        assert said in tom.press("roles.create", fields=fields).notice
    assert "comes with the program" in tom.press("roles.change", operator, {"name": "X", "may:reply": True}).notice
    south = add_workspace(database, "south")
    foreign = role_id(database, south, "Operator")
    assert "There is no such thing" in tom.press("roles.delete", foreign).notice
    assert "Make a role of your own" in tom.look(f"&role={foreign}").body


def test_the_preview_says_by_which_role(database, north, tom, ann):
    tom.tab = "roles"
    with database.read() as db:
        user = db.scalars(select(User.id).where(User.sign_in == "ann")).one()
    assert f"person={user}" in str(tom.press("roles.preview", fields={"person": str(user)}).sides)
    seen = tom.look(f"&person={user}").body
    assert "opens Queue" in seen
    assert "by Operator" in seen
    assert "May not: " in seen
    assert "Make a role from Operator" in tom.look(f"&role={role_id(database, north, 'Operator')}").body
