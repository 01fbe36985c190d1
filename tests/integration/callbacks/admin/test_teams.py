"""Teams: members, hours, capacity, default assignment."""

from sqlalchemy import select

from models.people import User
from models.workspace import Team
from tests.rows import add_conversation, add_member, add_workspace


def user_id(database, name):
    with database.read() as db:
        return db.scalars(select(User.id).where(User.sign_in == name)).one()


def team_id(database, name):
    with database.read() as db:
        return db.scalars(select(Team.id).where(Team.name == name)).one()


def test_a_team_is_made_changed_and_deleted(database, north, tom, ann):
    tom.tab = "teams"
    key = user_id(database, "ann")
    fields = {"name": "Roads", f"member:{key}": True, "assignee": str(key), "capacity": "5", "own_hours": True}
    assert "The team is made" in tom.press("teams.create", fields=fields | {"day0": "9-12:30, 13:00-24:00"}).notice
    seen = tom.look(f"&team={team_id(database, 'Roads')}").body
    assert "Mon 09:00-12:30, 13:00-00:00" in seen
    assert "Ann" in seen
    assert "there is one called that" in tom.press("teams.create", fields=fields).notice
    roads = team_id(database, "Roads")
    tom.press("teams.change", roads, {"name": "Roads", "assignee": "nobody"})
    assert "nobody yet" in tom.look().body
    assert "The team is gone" in tom.press("teams.delete", roads).notice
    assert "No team yet" in tom.look().body


def test_what_a_team_may_not_be(database, north, tom, ann):
    tom.tab = "teams"
    south = add_workspace(database, "south")
    stranger = add_member(database, south, "sue", "Operator")
    for fields, said in (
        ({"name": ""}, "give it a name"),
        ({"name": "A", f"member:{stranger}": True}, "There is no such thing"),
        ({"name": "A", "assignee": str(stranger)}, "choose a member of the team"),
        ({"name": "A", "capacity": "many"}, "whole number from 1"),
        ({"name": "A", "day3": "nine to five"}, "Thursday"),
    ):
        assert said in tom.press("teams.create", fields=fields).notice
    assert "There is no such thing" in tom.press("teams.change", 999, {"name": "A"}).notice


def test_a_team_with_work_stays(database, north, tom):
    from data.audit import change
    from models.audit import COMMAND
    from models.conversation import Conversation
    from tests.rows import NOW

    tom.tab = "teams"
    tom.press("teams.create", fields={"name": "Roads"})
    roads = team_id(database, "Roads")
    held = add_conversation(database, north)
    with change(database, north, COMMAND, NOW) as c:
        c.db.get_one(Conversation, held).team_id = roads
        c.state("assign", "conversation", held)
    assert "conversations are assigned to it" in tom.press("teams.delete", roads).notice
