"""The route by which pages say what they show."""

import pytest
from sqlalchemy import select

from callbacks.house import KEY
from callbacks.live import frame_makers
from data.frames import DESK
from data.kiosks import create_kiosk
from data.people import grant
from models.audit import COMMAND, AuditEvent
from tests.rows import NOW, add_conversation, add_member, add_workspace
from tests.visits import Visitor

PAGE = "0123456789abcdef"


@pytest.fixture
def key(database, north):
    return add_conversation(database, north)


def post(visitor, body, slug="north"):
    return visitor.client.post(
        f"/presence?workspace={slug}",
        json=body,
        headers={"X-CSRFToken": visitor.page_token()},
        environ_base=visitor.address,
    )


@pytest.fixture
def bob(server, database, north):
    add_member(database, north, "bob", "Operator")
    visitor = Visitor(server)
    visitor.sign_in("bob")
    visitor.open("/queue?workspace=north")
    return visitor


def test_two_people_are_told_of_each_other(ann, bob, key):
    ann.open("/queue?workspace=north")
    assert post(ann, {"page": PAGE, "conversation": key}).json == {"says": ""}
    assert post(bob, {"page": PAGE, "conversation": key}).json == {"says": "Ann is looking at this."}
    assert post(bob, {"page": PAGE, "conversation": key, "typed": True}).status_code == 200
    assert post(ann, {"page": PAGE, "conversation": key}).json == {"says": "Bob is writing."}
    assert post(bob, {"page": PAGE}).json == {"says": ""}
    assert post(ann, {"page": PAGE, "conversation": key}).json == {"says": ""}


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"page": 7}, {"page": "x" * 16}, {"page": "a" * 99}]
    + [{"page": PAGE, "conversation": wrong} for wrong in ("1", True, 0, -1, 2**63, 1.5, [], {})],
)
def test_what_makes_no_sense_is_refused(ann, key, body):
    ann.open("/queue?workspace=north")
    assert post(ann, body).status_code == 400


def test_a_conversation_of_another_workspace_is_not_found(database, ann, key):
    ann.open("/queue?workspace=north")
    south = add_workspace(database, "south")
    theirs = add_conversation(database, south)
    assert post(ann, {"page": PAGE, "conversation": theirs}).status_code == 404
    assert post(ann, {"page": PAGE, "conversation": theirs}, "south").status_code == 404
    grant(database, south, 1, "Analyst", NOW, COMMAND)
    assert post(ann, {"page": PAGE, "conversation": theirs}, "south").status_code == 403


def test_opening_a_conversation_is_a_view_on_the_record(database, ann, key):
    for path in (f"/conversation/{key}?workspace=north", f"/queue?workspace=north&c={key}"):
        ann.open(path)
        answer = ann.get("/_dash-layout", Referer=f"http://localhost{path}")
        assert "Is anybody there?" in answer.text
    with database.read() as db:
        found = list(db.scalars(select(AuditEvent).where(AuditEvent.action == "view")))
    assert [(one.object, one.object_id, one.actor) for one in found] == [("conversation", key, "Ann")]


def test_boards_and_kiosks_are_told_nothing_of_who_looks(server, database, north, ann, key):
    ann.open("/queue?workspace=north")
    post(ann, {"page": PAGE, "conversation": key, "typed": True})
    found = server.extensions[KEY]
    makers = frame_makers(found.pictures)
    frames = {name: repr(make(north)) for name, make in makers.items()}
    assert f"presence-{key}" in frames.pop(DESK)
    assert not [name for name, frame in frames.items() if "presence-" in frame or "Ann" in frame]
    screen = Visitor(server)
    screen.open(f"/kiosk/{create_kiosk(database, north, 'Wall', 'main', NOW, COMMAND)}")
    assert post(screen, {"page": PAGE, "conversation": key}).status_code == 403
    assert screen.get("/events?workspace=north&desk=1&once=1").status_code == 403


def test_the_feed_names_the_conversation_and_nobody(server, north, ann, key):
    ann.open("/queue?workspace=north")
    post(ann, {"page": PAGE, "conversation": key})
    told = ann.get("/events?workspace=north&desk=1&once=1").text
    assert f'"presence-{key}"' in told
    assert "Ann" not in told
