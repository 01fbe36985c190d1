"""The past through the whole program: in the address, for those who may read a trail, never for kiosks."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks.past import instant_in
from data.kiosks import create_kiosk
from data.minutes import note_minute
from models.audit import COMMAND
from tests.integration.callbacks.test_trail import drawn, joy  # noqa: F401 - a fixture
from tests.rows import NOW, add_conversation
from tests.visits import Visitor

MINUTE = timedelta(minutes=1)


@pytest.fixture
def kept(database, north, clock):
    """One conversation at 14:30, a noted minute at 14:31, and it is 14:40."""
    add_conversation(database, north, text="Smoke over the mill")
    note_minute(database, north, NOW + MINUTE)
    clock.on(10 * MINUTE)


def test_the_wall_and_the_queue_of_then(joy, kept):  # noqa: F811
    joy.open("/wallboard/main?workspace=north&at=2026-11-23T14:31Z")
    wall = drawn(joy, "/wallboard/main", "?workspace=north&at=2026-11-23T14:31Z")
    assert "As at 14:31 on Monday 23 November 2026" in wall
    assert "Its figures equal those noted at 14:31:00" in wall
    queue = drawn(joy, "/queue", "?workspace=north&at=2026-11-23T14:31")
    assert "Smoke over the mill" in queue
    assert "As at 14:31" in queue
    assert "As at 14:39" in drawn(joy, "/queue", "?workspace=north&at=earlier")


@pytest.mark.parametrize("at", ["2020-01-01T00:00Z", "2027-01-01T00:00Z"])
def test_what_is_not_known_says_so(joy, kept, at):  # noqa: F811
    joy.open("/accounts?workspace=north")
    assert "was not kept" in drawn(joy, "/queue", f"?workspace=north&at={at}")


def test_others_see_nothing_of_it(server, database, north, ann, kept):
    ann.open("/queue?workspace=north")
    for path in ("/queue", "/wallboard/main"):
        said = drawn(ann, path, "?workspace=north&at=2026-11-23T14:31Z")
        assert "You may not open the past here" in said
        assert "Smoke over" not in said
    kiosk = Visitor(server)
    kiosk.get(f"/kiosk/{create_kiosk(database, north, 'Wall', 'main', NOW, COMMAND)}")
    kiosk.open("/wallboard/main?workspace=north")
    assert "You may not open the past here" in drawn(kiosk, "/wallboard/main", "?workspace=north&at=2026-11-23T14:31Z")


def go(visitor, pressed, day, time, path="/queue", search="?workspace=north&view=mine"):
    dash = visitor.client.application.extensions["watchroom"].dash
    found = next(one for one in dash._callback_list if one["inputs"] == [{"id": "past-go", "property": "n_clicks"}])
    values = (
        ("past-day", "value", day),
        ("past-time", "value", time),
        ("url", "pathname", path),
        ("url", "search", search),
    )
    return visitor.call(
        {
            "output": found["output"],
            "outputs": {"id": "url", "property": found["output"].partition(".")[2]},
            "inputs": [{"id": "past-go", "property": "n_clicks", "value": pressed}],
            "state": [{"id": one, "property": kind, "value": value} for one, kind, value in values]
            + [{"id": "url", "property": "search", "value": "?workspace=north"}],
            "changedPropIds": ["past-go.n_clicks"],
        }
    )


def test_a_minute_is_chosen_by_hand(joy, ann, kept):  # noqa: F811
    joy.open("/accounts?workspace=north")
    assert "queue?workspace=north&at=2026-07-14T21%3A16Z&view=mine" in go(joy, 1, "2026-07-14", "22:16").text
    wall = go(joy, 1, "2026-11-23", "14:31", "/wallboard/main").text
    assert "main?workspace=north&at=2026-11-23T14%3A31Z" in wall
    assert "view=mine" not in wall
    assert go(joy, None, "2026-07-14", "22:16").status_code == 204
    assert go(joy, 1, "", "22:16").status_code == 204
    ann.open("/queue?workspace=north")
    assert go(ann, 1, "2026-07-14", "22:16").status_code == 403


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-07-14T22:16", datetime(2026, 7, 14, 21, 16, tzinfo=UTC)),
        ("2026-10-25T01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-07-14T22:16Z", datetime(2026, 7, 14, 22, 16, tzinfo=UTC)),
        ("earlier", NOW - MINUTE),
        ("0001-01-01T00:00+14:00", NOW - MINUTE),
    ],
)
def test_an_address_names_an_instant(text, instant):
    assert instant_in(text, "Europe/London", NOW) == instant
