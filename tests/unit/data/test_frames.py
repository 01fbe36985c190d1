"""Editions: what a screen is sent, however many it skipped."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.frames import DESK, Feed, Frame, bye, encode, first_edition, next_edition, state

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
FEED = Feed(1, "north", "main")


def frame(number, *, queue="a", **tiles):
    return Frame(
        number,
        AT + timedelta(seconds=number),
        {name: {"children": text} for name, text in tiles.items()},
        {"queue": queue},
    )


def data(event):
    return json.loads(event.decode().split("data: ", 1)[1])


@pytest.fixture
def editions():
    """Five editions: waiting moves each time, inbound once, in the second; the queue in the third."""
    found = [first_edition(FEED, frame(1, waiting="1", inbound="a"))]
    for number, inbound, queue in ((2, "b", "a"), (3, "b", "b"), (4, "b", "b"), (5, "b", "b")):
        found.append(next_edition(found[-1], frame(number, waiting=str(number), inbound=inbound, queue=queue)))
    return found


def test_a_new_screen_gets_everything(editions):
    found = data(editions[-1].since(0))
    assert found["first"]
    assert found["tiles"] == {"waiting": {"children": "5"}, "inbound": {"children": "b"}}
    assert found["regions"] == ["queue"]


def test_a_screen_that_had_the_last_one_gets_what_changed(editions):
    found = data(editions[-1].since(4))
    assert not found["first"]
    assert found["tiles"] == {"waiting": {"children": "5"}}
    assert found["regions"] == []


@pytest.mark.parametrize(
    ("had", "tiles", "regions"),
    [(1, {"waiting", "inbound"}, ["queue"]), (2, {"waiting"}, ["queue"]), (3, {"waiting"}, [])],
)
def test_a_screen_that_skipped_gets_all_it_missed_once(editions, had, tiles, regions):
    found = data(editions[-1].since(had))
    assert set(found["tiles"]) == tiles
    assert found["regions"] == regions


def test_following_every_edition_ends_where_a_new_screen_begins(editions):
    followed = {}
    for had, edition in enumerate(editions):
        followed |= data(edition.since(had))["tiles"]
    assert followed == data(editions[-1].since(0))["tiles"]


def test_a_frame_that_shows_nothing_new_is_no_new_edition(editions):
    last = editions[-1]
    same = next_edition(last, frame(6, waiting="5", inbound="b", queue="b"))
    assert same.number == last.number
    assert same.frame.revision == 6


def test_a_tile_that_appears_is_sent_and_one_that_goes_is_forgotten(editions):
    found = next_edition(editions[-1], frame(6, waiting="5", oldest="x", queue="b"))
    assert data(found.since(5))["tiles"] == {"oldest": {"children": "x"}}
    assert set(data(found.since(0))["tiles"]) == {"waiting", "oldest"}


def test_the_desk_hears_that_something_changed_and_no_figures():
    event = first_edition(Feed(1, "north", DESK), frame(1, waiting="1")).since(0)
    assert event.startswith(b"id: 1\nevent: change\n")
    assert "tiles" not in data(event)


def test_no_value_ends_an_event_early():
    event = encode("tiles", {"text": "a\n\nevent: bye\ndata: {}\n\n"}, 7)
    assert event.count(b"\n\n") == 1
    assert data(event)["text"].startswith("a\n\n")


def test_a_sign_of_life_says_until_when_the_figures_are_true(editions):
    found = data(state(editions[-1], FEED, {"poller": "alive"}))
    assert (found["as_at"], found["poller"]) == ((AT + timedelta(seconds=5)).isoformat(), "alive")
    assert data(state(None, FEED, {}))["as_at"] is None


def test_goodbye_gives_its_reason():
    assert bye("kiosk") == b'event: bye\ndata: {"reason":"kiosk"}\n\n'
