"""Workflow rules from their page: written, checked, changed, copied, ordered, turned on and off, deleted and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.house import KEY
from data.people import grant
from models.audit import COMMAND, AuditEvent
from models.past import Former
from models.workspace import Rule
from tests.rows import NOW, add_conversation, add_workspace

FIELDS = {
    "name": "Swords",
    "any": "sword*\nwith a sabre",
    "none": "sword dance",
    "grade": "emergency",
    "flags": "weapon, urgent",
}
FIELDS |= {"topic": "none", "team": "none", "assign": "none", "hours": "out", "contact": "any", "languages": "en, cy"}
FIELDS |= {"media:photo": True, "media:video": False}


def rule(database, name):
    with database.read() as db:
        return db.scalars(select(Rule).where(Rule.name == name)).one_or_none()


def order(database, home):
    with database.read() as db:
        return [row.name for row in db.scalars(select(Rule).where(Rule.workspace_id == home).order_by(Rule.position))]


@pytest.fixture
def tom(tom):
    tom.tab = "rules"
    return tom


def beside(answer, part):
    return str(answer.sides.get(part, {}).get("children", ""))


def test_a_rule_is_written_off_then_turned_on_changed_and_taken_back(database, north, tom):
    assert "The rule is saved, and off" in tom.press("rules.create", fields=FIELDS).notice
    made = rule(database, "Swords")
    assert not made.enabled
    assert made.conditions == {
        "words": {"any": ["sword*", "with a sabre"], "none": ["sword dance"]},
        "hours": "out",
        "languages": ["cy", "en"],
        "media": ["photo"],
    }
    assert made.actions == {"grade": "emergency", "flags": ["weapon", "urgent"]}
    assert made.position == len(order(database, north))
    seen = tom.look(f"&rule={made.id}").body
    assert "It was never changed" in seen
    assert "grade Emergency, flag weapon, urgent" in seen
    turned = tom.press("rules.switch", made.id, {"on": True})
    assert "The rule is on" in turned.notice
    assert "28 rules on" in beside(turned, "admin-rules-list")
    assert turned.body == ""
    assert "The rule is saved" in tom.press("rules.save", made.id, FIELDS | {"any": "sword"}).notice
    assert rule(database, "Swords").conditions["words"]["any"] == ["sword"]
    seen = tom.look(f"&rule={made.id}").body
    assert "Take back" in seen
    assert "sword*" in seen
    with database.read() as db:
        kept = db.scalars(select(Former).where(Former.entity == "rule").order_by(Former.id)).all()
    assert len(kept) == 2
    tom.press("rules.restore", kept[-1].id)
    assert rule(database, "Swords").conditions["words"]["any"] == ["sword*", "with a sabre"]
    assert rule(database, "Swords").enabled
    with database.read() as db:
        told = db.scalars(select(AuditEvent.action).where(AuditEvent.object == "rule").order_by(AuditEvent.id)).all()
    assert told == ["create", "switch on", "change", "restore"]


def test_a_copy_is_off_and_a_deleted_rule_comes_back_off(database, north, tom):
    fire = rule(database, "Fire now")
    tom.press("rules.copy", fire.id)
    tom.press("rules.copy", fire.id)
    copied = rule(database, "Fire now (copy)")
    assert copied.conditions == fire.conditions
    assert not copied.enabled
    assert rule(database, "Fire now (copy) 2") is not None
    assert "The rule is gone" in tom.press("rules.delete", fire.id).notice
    assert "1 rule deleted" in tom.look().body
    with database.read() as db:
        was = db.scalars(select(Former.id).where(Former.entity == "rule", Former.row_id == fire.id)).one()
    tom.press("rules.restore", was)
    back = rule(database, "Fire now")
    assert back.conditions == fire.conditions
    assert not back.enabled
    tom.press("rules.create", fields=FIELDS)
    newest = rule(database, "Swords")
    tom.press("rules.delete", newest.id)
    tom.press("rules.create", fields=FIELDS | {"name": "Another"})
    again = rule(database, "Another")
    assert "It was never changed" in tom.look(f"&rule={again.id}").body


def test_the_order_is_changed_and_ends_are_ends(database, north, tom):
    first, second, *_, last = before = order(database, north)
    moved = tom.press("rules.move", rule(database, last).id, {"place": 1})
    assert order(database, north)[:3] == [last, first, second]
    assert "The order is changed" in moved.notice
    tom.press("rules.move", rule(database, last).id, {"place": 400})
    tom.press("rules.move", rule(database, first).id, {"place": 0})
    assert order(database, north) == before


def test_what_a_form_says_is_checked_while_it_is_written(database, north, tom):
    said = tom.press("rules.check", fields=FIELDS)
    assert "A message that says “sword*” or “with a sabre”" in beside(said, "admin-rules-check")
    assert said.notice == said.body == ""
    for changed, why in (
        ({"name": ""}, "give the rule one"),
        ({"name": "Fire now"}, "there is a rule called that"),
        ({"any": "!!"}, "holds no letter or figure"),
        ({"any": "a*"}, "would find almost every message"),
        ({"any": "x" * 300}, "is longer than"),
        ({"grade": "mauve"}, "there is no “mauve” here any more"),
        ({"assign": "nobody-here"}, "there is no “nobody-here”"),
        ({"flags": "f" * 50}, "each of at most 40"),
        ({"hours": "noon"}, "is not known"),
    ):
        assert why in beside(tom.press("rules.check", fields=FIELDS | changed), "admin-rules-check")
        assert why in tom.press("rules.create", fields=FIELDS | changed).notice
    for hostile in ("\0", "\ud800", "k" * 10_000_000):
        assert tom.press("rules.create", fields=FIELDS | {"any": hostile}).status in (200, 413)
    assert rule(database, "Swords") is None


def test_nothing_of_another_workspace_is_found(database, north, tom):
    south = add_workspace(database, "south")
    add_conversation(database, south)
    with database.read() as db:
        theirs = db.scalars(select(Rule).where(Rule.workspace_id == south)).first()
    for act, fields in (
        ("save", FIELDS),
        ("copy", {}),
        ("switch", {"on": False}),
        ("move", {"place": 1}),
        ("delete", {}),
    ):
        assert "There is no such thing" in tom.press(f"rules.{act}", theirs.id, fields).notice
    account = {"account:1": True}
    assert "choose one of this workspace" in tom.press("rules.create", fields=FIELDS | account).notice
    assert "There is no such thing" in tom.press("rules.restore", 999).notice


def test_rules_are_said_in_words_in_their_order(tom):
    seen = tom.look().body
    assert "27 rules on" in seen
    assert "A message that says “" in seen


def finished(tom):
    """The trial as it stands once it has ended."""
    trial = next(iter(tom.client.application.extensions[KEY].trials._trials.values()))
    trial.thread.join(60)
    return beside(tom.press("rules.look"), "admin-rules-trial")


def test_a_rule_is_tried_and_texts_are_for_those_who_may_read(database, north, tom, employ):
    for minutes in range(25):
        add_conversation(database, north, NOW - timedelta(minutes=minutes), f"He has a sword {minutes}")
    add_conversation(database, north, NOW, "A sword dance")
    add_conversation(database, add_workspace(database, "south"), NOW, "Their sword")
    fields = FIELDS | {"hours": "any", "languages": "", "media:photo": False, "alarm": True}
    assert "tell the team at once" in beside(tom.press("rules.check", fields=fields), "admin-rules-check")
    assert "Not yet" in beside(tom.press("rules.check", fields=fields | {"spam": True}), "admin-rules-check")
    assert tom.press("rules.try", fields=fields | {"any": "!"}).status == 200
    tom.press("rules.try", fields=fields)
    seen = finished(tom)
    assert "25 of 26 messages" in seen
    assert "It would have told the team of each" in seen
    assert "You may not read messages here" in seen
    assert "Their sword" not in seen
    assert "has a" not in seen
    user_id = next(iter(tom.client.application.extensions[KEY].trials._trials))[1]
    grant(database, north, user_id, "Operator", NOW, COMMAND)
    seen = beside(tom.press("rules.look"), "admin-rules-trial")
    assert "'children': 'sword'}, 'type': 'Mark'" in seen
    assert "Page 1 of 2" in seen
    assert "Newer" not in seen
    seen = beside(tom.press("rules.look", fields={"page": 2}), "admin-rules-trial")
    assert "Page 2 of 2" in seen
    assert "'start': '21'" in seen
    tom.press("rules.stop")
    assert rule(database, "Swords") is None
    assert beside(employ(north, "sue").press("rules.look"), "admin-rules-trial") == "[]"
