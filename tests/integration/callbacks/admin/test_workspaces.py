"""What a workspace decides for itself, and ten hubs made from one."""

from sqlalchemy import select

from data.configuration import read_configuration
from models.workspace import Outcome, Topic, Workspace
from tests.rows import NOW, add_workspace


def configuration_of(database, slug):
    with database.read() as db:
        home = db.scalars(select(Workspace.id).where(Workspace.slug == slug)).one()
        return read_configuration(db, home)


def key_of(database, entity, word):
    with database.read() as db:
        return db.scalars(select(entity.id).where(entity.word == word)).first()


def test_ten_hubs_start_as_one_is(database, north, gwen, tom):
    gwen.tab = tom.tab = "workspaces"
    tom.press("workspaces.topic", fields={"word": "Canal"})
    tom.press("roles.create", fields={"name": "Listener", "may:read messages": True})
    tom.press("teams.create", fields={"name": "Roads", "own_hours": True, "day0": "9-17"})
    tom.press("templates.block", fields={"word": "guv"})
    names = "\n".join(f"Hub {number}" for number in range(10))
    assert "do not include" in tom.press("workspaces.make", fields={"names": names, "source": str(north)}).notice
    made = gwen.press("workspaces.make", fields={"names": names, "source": str(north)})
    assert "Made: Hub 0, Hub 1" in made.notice
    pattern = configuration_of(database, "north")
    for number in range(10):
        assert configuration_of(database, f"hub-{number}") == pattern
    assert {"word": "Canal"} in pattern["topics"]
    assert pattern["teams"][0]["hours"] == [[0, "09:00:00", "17:00:00"]]
    assert gwen.get("/admin/workspaces?workspace=hub-7").status_code == 200


def test_hubs_are_made_all_or_none(database, north, gwen):
    refused = gwen.press("workspaces.make", fields={"names": "East\nNorth", "source": "shipped"})
    assert "called like a workspace there is" in refused.notice
    assert "one name a line" in gwen.press("workspaces.make", fields={"names": " ", "source": "shipped"}).notice
    assert "There is no such thing" in gwen.press("workspaces.make", fields={"names": "A", "source": "999"}).notice
    with database.read() as db:
        assert db.scalars(select(Workspace.slug)).all() == ["north"]
    assert "Made: East" in gwen.press("workspaces.make", fields={"names": "East", "source": "shipped"}).notice


def test_the_name_and_counting_of_a_workspace(database, tom):
    tom.tab = "workspaces"
    fields = {"name": "North wing", "zone": "Europe/London", "gap": "48", "aim": "95", "retention_days": "365"}
    assert "saved" in tom.press("workspaces.change", fields=fields).notice
    found = configuration_of(database, "north")["workspace"]
    assert found == {"zone": "Europe/London", "gap_seconds": 172_800, "aim": 0.95, "retention_days": 365}
    for wrong, said in (
        ({"zone": "Moon"}, "Zone: give a name"),
        ({"aim": "0"}, "Aim: give"),
        ({"name": ""}, "name people read"),
    ):
        assert said in tom.press("workspaces.change", fields=fields | wrong).notice


def test_words_are_added_reworded_and_removed_until_they_are_used(database, north, tom):
    from data.audit import change
    from models.audit import COMMAND
    from models.conversation import Conversation
    from tests.rows import add_conversation

    tom.tab = "workspaces"
    added = tom.press("workspaces.outcome", fields={"word": "Passed on", "left_out": True})
    assert "Undo" in added.notice
    key = key_of(database, Outcome, "Passed on")
    assert "there is one called that" in tom.press("workspaces.outcome", fields={"word": "passed ON"}).notice
    tom.press("workspaces.reoutcome", key, {"word": "Handed on"})
    assert "Handed on" in tom.look().body
    assert "is gone" in tom.press("workspaces.unoutcome", key).notice
    topic = key_of(database, Topic, "Noise")
    held = add_conversation(database, north)
    with change(database, north, COMMAND, NOW) as c:
        c.db.get_one(Conversation, held).topic_id = topic
        c.state("assess", "conversation", held)
    assert "it was used" in tom.press("workspaces.untopic", topic).notice
    south = add_workspace(database, "south")
    with database.read() as db:
        foreign = db.scalars(select(Topic.id).where(Topic.workspace_id == south)).first()
    for act in ("workspaces.retopic", "workspaces.untopic"):
        assert "There is no such thing" in tom.press(act, foreign, {"word": "x"}).notice
