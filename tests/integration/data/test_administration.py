"""A new workspace has in it everything that intake, queue and wallboard rely on."""

import json

import pytest
from sqlalchemy import func, select

from data.administration import RULES, create_workspace, slug_of
from data.defaults import OUTCOMES, TOPICS
from models.audit import COMMAND, INSTALLATION, AuditEvent, Revision
from models.calendars import CalendarVersion
from models.people import Role
from models.permissions import BUILT_IN_ROLES
from models.problems import BadValue
from models.rules import RuleFacts
from models.workspace import CalendarRow, Grade, Outcome, Rule, TargetTime, Topic, Workspace
from tests.rows import NOW, open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def test_a_workspace_begins_with_grades_and_their_targets(database):
    key = create_workspace(database, "north", "North", NOW, COMMAND)
    with database.read() as db:
        rows = db.execute(
            select(Grade.word, Grade.rank, Grade.look, TargetTime.seconds, TargetTime.clock)
            .join(TargetTime, TargetTime.grade_id == Grade.id)
            .where(Grade.workspace_id == key)
            .order_by(Grade.rank)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("Emergency", 1, "emergency", 300, "public"),
        ("Priority", 2, "priority", 1800, "public"),
        ("Standard", 3, "standard", 14400, "staffed"),
    ]


def test_a_workspace_begins_with_roles_topics_outcomes_hours_and_rules(database):
    key = create_workspace(database, "north", "North", NOW, COMMAND)
    with database.read() as db:
        roles = {role.name: frozenset(role.permissions) for role in db.scalars(select(Role)) if role.built_in}
        assert roles == BUILT_IN_ROLES
        assert set(db.scalars(select(Topic.word))) == set(TOPICS)
        assert {(row.word, row.left_out) for row in db.scalars(select(Outcome))} == set(OUTCOMES)
        assert CalendarVersion.from_json(db.scalar(select(CalendarRow.facts))).zone == "Europe/London"
        assert db.scalar(select(func.count()).select_from(Rule)) == len(json.loads(RULES.read_text("utf-8")))
        assert db.get_one(Revision, key).number == 1


def test_the_first_rules_can_be_read_and_name_what_there_is():
    for number, rule in enumerate(json.loads(RULES.read_text("utf-8"))):
        actions = RuleFacts.from_json(rule, number).actions
        assert actions.topic is None or actions.topic in TOPICS
        assert actions.grade in (None, "Emergency", "Priority", "Standard")


def test_making_a_workspace_stands_in_the_installations_chain_and_begins_its_own(database):
    key = create_workspace(database, "north", "North", NOW, COMMAND)
    with database.read() as db:
        events = db.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.workspace_id, event.sequence, event.action, event.object_id) for event in events] == [
        (INSTALLATION, 1, "create", key),
        (key, 1, "create", key),
    ]


@pytest.mark.parametrize("slug", ["", "North", "a b", "-a", "a--b", "a/b"])
def test_a_slug_is_plain(database, slug):
    with pytest.raises(BadValue):
        create_workspace(database, slug, "North", NOW, COMMAND)


def test_a_workspace_needs_a_name_a_zone_and_a_slug_of_its_own(database):
    create_workspace(database, "north", "North", NOW, COMMAND)
    with pytest.raises(BadValue, match="taken"):
        create_workspace(database, "north", "Another", NOW, COMMAND)
    with pytest.raises(BadValue, match="name"):
        create_workspace(database, "south", " ", NOW, COMMAND)
    with pytest.raises(BadValue, match="Europe/London"):
        create_workspace(database, "south", "South", NOW, COMMAND, zone="Mars/Base")
    with database.read() as db:
        assert db.scalars(select(Workspace.slug)).all() == ["north"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Northshire control room", "northshire-control-room"),
        ("  A&B 2 ", "a-b-2"),
        ("Ystafell reoli", "ystafell-reoli"),
        ("???", "workspace"),
    ],
)
def test_a_slug_can_be_made_from_a_name(name, slug):
    assert slug_of(name) == slug
