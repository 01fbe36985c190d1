"""Whatever the order in which posts arrive, and however they are cut into pages, the same rows are there in the end."""

from dataclasses import replace
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import data.page
import data.writing
from data.closing import Closing, close_all
from data.contacts import Met
from data.inhand import InHand
from data.newcomers import misjudged
from data.page import FetchedPage
from data.rollups import move_sketches
from data.threads import Thread
from models.audit import COMMAND
from models.conversation import Message, MessageVersion, Turn
from models.posts import Direction, Media
from models.rollups import Daily, Hourly, HourlyTotal, ResponseSketch
from tests.arrivals import (
    MINUTE,
    MONDAY,
    NOW,
    add_colleague,
    answers,
    asks,
    deliver,
    edit,
    found,
    gone,
    history,
    person,
    picture,
)  # fmt: skip
from tests.rows import open_database

slugs = (f"town-{number}" for number in count())
EXAMPLES = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield opened
    opened.close()


def in_order(posts):
    return sorted(posts, key=lambda post: (post.deleted or post.edited or post.sent, post.network_id, post.version_id))


def batched(posts, size):
    return [posts[begin : begin + size] for begin in range(0, len(posts), size)]


def both(database, seed, threads=6):
    """The rows of one random history told in order, and of the same delivered anyhow."""
    random = Random(seed)
    posts = history(random, people=random.randrange(1, 4), threads=threads)
    orderly, anyhow = found(database, next(slugs)), found(database, next(slugs))
    for page in batched(in_order(posts), 8):
        orderly.take(*page)
    counts = deliver(anyhow, random, posts)
    return orderly, anyhow, counts


@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_any_order_and_any_pages_end_in_the_same_rows(database, seed):
    orderly, anyhow, counts = both(database, seed)
    assert picture(anyhow) == picture(orderly)
    assert all(page == taken.fetched for page, taken in counts)
    check_sums(anyhow)


def check_sums(town):
    """Roll-ups are a count over the rows, and sketches hold the answered turns."""
    inbound = town.rows(Message, Message.direction == Direction.IN)
    for entity in (Hourly, Daily):
        assert sum(row.count for row in town.rows(entity)) == len(inbound)
        assert all(row.count > 0 for row in town.rows(entity))
    assert sum(row.count for row in town.rows(HourlyTotal)) == sum(not message.spam for message in inbound)
    answered = [turn for turn in town.rows(Turn) if turn.replied is not None]
    for clock in ("public", "staffed"):
        assert sum(row.count for row in town.rows(ResponseSketch, ResponseSketch.clock == clock)) == len(answered)


@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_everything_again_changes_nothing(database, seed):
    random = Random(seed)
    town, posts = found(database, next(slugs)), history(random, threads=4)
    deliver(town, random, posts)
    before = picture(town)
    deliver(town, random, posts)
    assert picture(town) == before


@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_a_closing_stands_whatever_arrives_late(database, seed):
    """Whoever closes a conversation closed it at that instant: late posts find their side of it."""
    random = Random(seed)
    posts = [
        asks(f"m{number}", random.randrange(60 * 48), random.choice(("hello", "fire", "car")))
        if random.random() < 0.6
        else answers(f"r{number}", random.randrange(60 * 48))
        for number in range(9)
    ]
    first = asks("first", 0)
    closing = Closing("ann", MONDAY + random.randrange(1, 60 * 48) * MINUTE, "answered")
    early, late = found(database, next(slugs)), found(database, next(slugs))
    early.take(first, *posts)
    random.shuffle(posts)
    cut = random.randrange(len(posts))
    late.take(first, *posts[:cut])
    for town in (early, late):
        assert close_all(town.database, town.account, [closing], COMMAND, NOW) == 1
    deliver(late, random, posts[cut:])
    assert picture(late) == picture(early)


def test_a_message_that_comes_late_starts_its_turn_earlier(database):
    town = found(database, next(slugs))
    town.take(asks("b", 20), answers("r", 30))
    town.take(asks("a", 10))
    [turn] = town.rows(Turn)
    assert (turn.started, turn.replied) == (MONDAY + 10 * MINUTE, MONDAY + 30 * MINUTE)


def test_a_reply_that_comes_before_its_parent_waits_for_it(database):
    town = found(database, next(slugs))
    town.take(answers("r2", 30, "r1", None), answers("r1", 20, "a", None))
    assert {message.conversation_id for message in town.rows(Message)} == {None}
    town.take(asks("a", 10))
    [conversation_id] = {message.conversation_id for message in town.rows(Message)}
    assert conversation_id is not None
    [turn] = town.rows(Turn)
    assert turn.replied == MONDAY + 20 * MINUTE


def test_a_reply_to_an_edited_version_finds_the_message(database):
    town = found(database, next(slugs))
    first = asks("a", 10)
    town.take(answers("r", 30, "av2", None))
    town.take(first)
    town.take(edit(first, 15, "hello there"))
    assert len({message.conversation_id for message in town.rows(Message)}) == 1
    town.take(answers("q", 40, "av2", None))
    assert len({message.conversation_id for message in town.rows(Message)}) == 1


@pytest.mark.parametrize("pages", [[[0, 1]], [[1, 0]], [[0], [1]], [[1], [0]], [[0], [1, 2]]])
def test_what_an_edit_attaches_was_not_there_before_it(database, pages):
    newcomers = ({"words": {"any": ["zebra"]}, "contact": "new"}, {"flags": ["newcomer"]})
    fires = ({"words": {"any": ["fire"]}, "media": ["photo"]}, {"grade": "Emergency"})
    town = found(database, rules=[newcomers, fires])
    post = asks("m1", 0, "fire")
    seen = replace(edit(post, 5, "hello"), media=(Media("photo"),))
    for page in pages:
        town.take(*((post, seen, asks("m0", -5))[which] for which in page))
    first, second = sorted(town.rows(MessageVersion), key=lambda one: one.at)
    assert first.grade_id == second.grade_id
    (message,) = town.rows(Message, Message.network_id == "m1")
    assert (message.media, message.hits) == ([["photo", ""]], None)
    town.take(replace(edit(post, 9, "fire", number=3), media=(Media("photo"),)))
    (message,) = town.rows(Message, Message.network_id == "m1")
    assert [hit["words"] for hit in message.hits["rules"]] == [["fire"]]


def test_an_earlier_post_turns_a_newcomer_into_somebody_known(database):
    town = found(database, next(slugs))
    town.take(asks("b", 20, "again"))
    assert flags(town) == {"b": ["newcomer"]}
    town.take(asks("a", 10))
    assert flags(town) == {"a": ["newcomer"], "b": ["again"]}


def flags(town):
    return {message.network_id: (message.hits or {}).get("flags", []) for message in town.rows(Message)}


def caught(database, seeds=range(40)):
    """Whether comparing orders finds that something is wrong, in a few random histories."""
    for seed in seeds:
        orderly, anyhow, _ = both(database, seed)
        if picture(anyhow) != picture(orderly):
            return True
        try:
            check_sums(anyhow)
        except AssertionError:
            return True
    return False


def always_goes_on(thread):
    return True


def latest_to_arrive(met, author, sent, at):
    met.author, met.named_at, met.changed = author, at, True


def only_this_page(page, known, parents):
    return [one for one in page.messages.values() if one.contact_id is None and one.parent_id in known]


def nobody_is_demoted(arriving, stored):
    return misjudged(arriving, stored)[0], []


def nothing_is_stale(db, workspace_id, zone, waits, stale):
    move_sketches(db, workspace_id, zone, waits, set())


def only_changed(message):
    message.changed = True


def forget_the_tombstone(page, network_id, deleted):
    page.counts.deleted += 1
    if network_id in page.messages:
        page.messages[network_id].deleted = deleted
        page.messages[network_id].changed = True


PLANTED = {
    "late posts go on from where the conversation stands": (Thread, "goes_on", always_goes_on),
    "the name that arrived last stands": (Met, "meet", latest_to_arrive),
    "replies stored before their parent stay alone": (FetchedPage, "_lost", only_this_page),
    "who was new stays new": (data.page, "misjudged", nobody_is_demoted),
    "an edit does not move its conversation": (InHand, "retell", only_changed),
    "corrected waits stay in their sketches": (data.writing, "move_sketches", nothing_is_stale),
    "a deletion does not wait for its post": (FetchedPage, "_bury", forget_the_tombstone),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_found(database, monkeypatch, mistake):
    place, name, wrong = PLANTED[mistake]
    monkeypatch.setattr(place, name, wrong)
    assert caught(database)


def test_without_a_mistake_nothing_is_found(database):
    assert not caught(database, range(5))


def test_a_deletion_that_comes_first_waits_for_its_post(database):
    town = found(database, next(slugs))
    post = asks("a", 10)
    town.take(gone(post, 50))
    town.take(gone(post, 40))
    town.take(post)
    town.take(gone(post, 60))
    [message] = town.rows(Message)
    assert message.deleted == MONDAY + 40 * MINUTE
    assert picture(town)["tombstone"] == []


def test_names_are_those_of_the_latest_post_that_told_one(database):
    town = found(database, next(slugs))
    for minute, handle in ((3, "@c"), (1, "@a"), (4, ""), (2, "@b")):
        town.take(asks(f"m{minute}", minute, contact=person("p", handle)))
    assert "handle=@c" in picture(town)["contact"][0]
    assert "first_seen=2026-11-16 08:01" in picture(town)["contact"][0]
