"""The tab of users, from asking somebody in to showing them out."""

import re

import pytest
from sqlalchemy import select

from data.freshness import FRESH_FOR
from models.audit import AuditEvent
from models.people import Membership, Role, User
from tests.rows import PASSWORD, add_member, add_workspace
from tests.visits import Visitor


def roles_by_name(database, workspace_id):
    with database.read() as db:
        rows = db.execute(select(Role.name, Role.id).where(Role.workspace_id == workspace_id)).all()
    return {name: f"role:{key}" for name, key in rows}


def newest(database):
    with database.read() as db:
        return db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_every_tab_opens_for_an_administrator_and_for_nobody_else(server, tom, ann):
    from layouts.pages import ADMIN_TABS

    for tab, _ in ADMIN_TABS:
        assert tom.get(f"/admin/{tab}?workspace=north").status_code == 200
        assert ann.get(f"/admin/{tab}?workspace=north").status_code == 403
        tom.tab = tab
        assert tom.look().body
    assert tom.get("/admin/nothing?workspace=north").status_code == 404
    assert tom.get("/admin").headers["Location"] == "/admin/users?workspace=north"


def test_whoever_follows_an_invitation_chooses_a_password_and_holds_the_roles(server, database, north, tom):
    wanted = roles_by_name(database, north)["Operator"]
    made = tom.press("users.invite", fields={"name": "Bea Long", "sign_in": "Bea", wanted: True})
    link = re.search(r"/invitation/[\w-]+", made.body)[0]
    assert "Bea Long" in made.body
    bea = Visitor(server, "192.0.2.9")
    page = bea.get(link)
    assert page.status_code == 200
    assert "Bea Long, you are invited to North" in page.text
    assert bea.post(link, password="short", again="short").status_code == 400
    assert bea.post(link, password="one long password", again="another password").status_code == 400
    assert bea.post(link, password="one long password", again="one long password").status_code == 302
    assert bea.sign_in("bea", "one long password").status_code == 302
    assert bea.get("/queue?workspace=north").status_code == 200
    assert bea.get(link).status_code == 410


def test_an_invitation_ends_by_time_by_hand_and_by_a_newer_one(server, database, north, tom, clock):
    from models.invitations import INVITATION_LASTS

    role = {roles_by_name(database, north)["Operator"]: True}
    links = [
        re.search(r"/invitation/[\w-]+", tom.press("users.invite", fields={"name": name, "sign_in": name} | role).body)[
            0
        ]
        for name in ("bea", "bea", "cal")
    ]
    visitor = Visitor(server)
    assert [visitor.get(link).status_code for link in links] == [410, 200, 200]
    assert tom.press("users.withdraw", 2).notice == "The link no longer works."
    assert visitor.get(links[1]).status_code == 410
    clock.on(INVITATION_LASTS)
    assert visitor.get(links[2]).status_code == 410


def test_roles_are_changed_by_one_event_and_count_on_the_next_call(server, database, north, tom, ann):
    roles = roles_by_name(database, north)
    user = database_id(database, "ann")
    said = tom.press("users.roles", user, {roles["Analyst"]: True})
    assert "Undo" in said.notice
    assert ann.get("/queue?workspace=north").status_code == 403
    event = newest(database)
    assert (event.action, event.before, event.after) == ("roles", {"roles": ["Operator"]}, {"roles": ["Analyst"]})
    tom.press("users.roles", user)
    assert ann.get("/wallboard?workspace=north").status_code == 404
    assert "none here" not in tom.look().body


def database_id(database, sign_in):
    with database.read() as db:
        return db.scalars(select(User.id).where(User.sign_in == sign_in)).one()


def test_disabling_ends_every_session_and_enabling_lets_the_same_password_in_again(database, tom, ann):
    user = database_id(database, "ann")
    assert ann.get("/queue?workspace=north").status_code == 200
    assert "Undo" in tom.press("users.disable", user, query=f"&user={user}").notice
    assert ann.get("/queue?workspace=north").headers["Location"].startswith("/sign-in")
    assert ann.sign_in("ann").status_code == 401
    tom.press("users.enable", user)
    assert ann.sign_in("ann").status_code == 302


def test_a_name_and_a_day_of_training_are_kept(database, tom, ann):
    user = database_id(database, "ann")
    tom.press("users.person", user, {"name": "Ann Other", "until": "2026-01-31"})
    seen = tom.look(f"&user={user}").body
    assert "Ann Other" in seen
    assert "ran out 31 Jan 2026" in seen
    refused = tom.press("users.person", user, {"name": "Ann", "until": "31/1/2026"})
    assert "Until: give a date such as 2027-03-31." in refused.notice
    assert refused.body == ""


def test_nothing_is_changed_without_a_password_given_a_short_while_ago(database, tom, ann, clock):
    clock.on(FRESH_FOR * 1.1)
    user = database_id(database, "ann")
    assert "Give your password again first" in tom.press("users.disable", user).notice
    assert ann.get("/queue?workspace=north").status_code == 200
    assert "do not go together" in tom.press("prove", fields={"password": "wrong"}).notice
    assert "Thank you" in tom.press("prove", fields={"password": PASSWORD}).notice
    tom.press("users.disable", user)
    assert ann.get("/queue?workspace=north").status_code == 302


def test_people_of_another_workspace_are_not_found(database, tom, ann):
    south = add_workspace(database, "south")
    stranger = add_member(database, south, "sue", "Operator")
    foreign = roles_by_name(database, south)["Operator"]
    for act in ("users.disable", "users.enable", "users.person", "users.roles"):
        assert "There is no such thing here" in tom.press(act, stranger, {"name": "X"}).notice, act
    assert (
        "There is no such thing here" in tom.press("users.roles", database_id(database, "ann"), {foreign: True}).notice
    )
    assert "Sue" not in tom.look(f"&user={stranger}&who=all&q=s").body


def test_somebody_who_also_works_elsewhere_is_disabled_by_the_installation_only(database, north, tom, gwen):
    from data.people import grant
    from models.audit import COMMAND
    from tests.rows import NOW

    south = add_workspace(database, "south")
    user = add_member(database, north, "cal", "Operator")
    grant(database, south, user, "Operator", NOW, COMMAND)
    assert "do not include" in tom.press("users.disable", user).notice
    assert "1 more" in tom.look().body
    assert "signed out everywhere" in gwen.press("users.disable", user).notice


def test_the_installation_administrator_reaches_everybody_and_reads_no_message(database, north, gwen, ann):
    add_workspace(database, "south")
    assert gwen.get("/queue?workspace=north").status_code == 403
    assert gwen.get("/admin/users?workspace=south").status_code == 200
    assert "Ann" in gwen.look("&who=all").body
    user = database_id(database, "ann")
    assert "whole installation" in gwen.press("users.installation", user, {"holds": True}).notice
    assert ann.get("/admin/users?workspace=south").status_code == 200
    gwen.press("users.installation", user, {"holds": False})
    assert ann.get("/admin/users?workspace=south").status_code == 404


def test_nobody_locks_themselves_out(database, north, tom, gwen):
    me, boss = database_id(database, "tom"), database_id(database, "gwen")
    assert "somebody else has to do that to you" in tom.press("users.disable", me).notice
    assert "somebody else has to take the right" in tom.press("users.roles", me).notice
    assert "do not include" in tom.press("users.installation", me, {"holds": True}).notice
    assert "somebody else has to do that to you" in gwen.press("users.installation", boss, {"holds": False}).notice


def test_somebody_with_a_sign_in_is_added_by_its_name(database, north, tom):
    south = add_workspace(database, "south")
    add_member(database, south, "sue", "Operator")
    operator = roles_by_name(database, north)["Operator"]
    assert "choose at least one" in tom.press("users.add", fields={"sign_in": "sue"}).notice
    assert "There is no such thing" in tom.press("users.add", fields={"sign_in": "nobody", operator: True}).notice
    assert "Sue has these roles here" in tom.press("users.add", fields={"sign_in": " SUE", operator: True}).notice
    with database.read() as db:
        held = db.scalars(
            select(Membership.workspace_id).where(Membership.user_id == database_id(database, "sue"))
        ).all()
    assert sorted(held) == sorted([north, south])
    assert (
        "somebody signs in by it already"
        in tom.press("users.invite", fields={"name": "Sue", "sign_in": "sue", operator: True}).notice
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"act": "nothing"},
        {"act": 7},
        {"act": None},
        {"of": "' OR 1=1"},
        {"of": 9**30},
        {"fields": [1]},
        {"fields": {"name": ["x"], "until": {"a": 1}}},
        {"fields": {"name": "\0"}},
        {"fields": {"name": "\ud800"}},
        {"fields": {f"role:{'9' * 40}": True}},
    ],
)
def test_a_strange_act_changes_nothing_and_says_so(tom, changes):
    answer = tom.press(**{"act": "users.person", "of": "1", **changes})
    assert answer.status == 200
    assert answer.notice
    assert "Something went wrong" not in answer.notice
    assert answer.body == ""


def test_a_list_of_people_is_turned_and_searched(database, north, tom, monkeypatch):
    from data.queries.admin import users

    monkeypatch.setattr(users, "AT_ONCE", 2)
    for name in ("bea", "cal", "dee"):
        add_member(database, north, name, "Operator")
    assert "Page 1 of 2" in tom.look().body
    second = tom.look("&page=2").body
    assert "Dee" in second
    assert "Bea" not in second
    assert "Nobody is called that" in tom.look("&q=zzz").body
    assert "q=be" in str(tom.press("users.find", fields={"search": "be"}).sides)
    assert "1 person" in tom.look("&q=be").body
