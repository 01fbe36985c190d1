"""A topic set by a person: it moves the sums that know topics, stands over rules, and ends with the episode."""

from collections import Counter
from random import Random

import pytest

from data.practice import practice
from data.rollups import hour_of, local_day
from data.topics import set_topic
from models.conversation import Message
from models.problems import BadValue, NotPermitted
from models.rollups import Daily, Hourly
from models.workspace import Topic
from tests.arrivals import NOW, answers, asks, edit, found
from tests.desk import at, desk_of
from tests.rows import open_database


@pytest.fixture
def desk(database_url):
    opened = open_database(database_url)
    yield desk_of(opened)
    opened.close()


def assert_sums_are_those_of_the_rows(desk):
    """The slow way: every inbound message is counted once, where it stands now."""
    with desk.database.read() as db:
        ways = practice(db, desk.town.account.workspace_id)
    hours, days = Counter(), Counter()
    lowest = ways.grade_ids[ways.lowest]
    for one in desk.town.rows(Message):
        if one.direction == "in":
            rest = (one.account_id, one.kind, one.hours, one.grade_id or lowest, one.topic_id or 0, int(one.spam))
            hours[(hour_of(one.sent), *rest)] += 1
            days[(local_day(one.sent, ways.zone), *rest)] += 1
    names = ("account_id", "kind", "hours", "grade_id", "topic_id", "spam")
    for entity, first, wanted in ((Hourly, "hour", hours), (Daily, "day", days)):
        stored = {
            (getattr(row, first), *(getattr(row, name) for name in names)): row.count for row in desk.town.rows(entity)
        }
        assert stored == dict(wanted)


def topics(desk):
    words = {row.id: row.word for row in desk.town.rows(Topic)}
    heard = desk.town.rows(Message, Message.direction == "in")
    return [words.get(one.topic_id) for one in sorted(heard, key=lambda one: one.sent)]


def test_the_messages_of_the_episode_are_counted_under_it(desk):
    desk.hears(asks("a", 0, "a car"), asks("b", 1), answers("r", 2, "b")).close("answered", 3, "why")
    desk.hears(asks("c", 60, "a car"), asks("d", 61), minute=62).topic("Noise", 63)
    assert topics(desk) == ["Roads and traffic", None, "Noise", "Noise"]
    assert desk.row().topic_id == desk.key_of(Topic, "Noise")
    assert_sums_are_those_of_the_rows(desk)
    [event] = desk.events("topic")
    assert (event.before["topic"], event.after["topic"]) == ("Roads and traffic", "Noise")


def test_what_comes_later_in_the_episode_is_about_it_too_whatever_rules_say(desk):
    desk.hears(asks("a", 0)).topic("Noise", 1)
    desk.hears(asks("b", 2, "a car"), edit(asks("a", 0), 3, "a car"), minute=4)
    assert topics(desk) == ["Noise", "Noise"]
    assert desk.row().topic_id == desk.key_of(Topic, "Noise")
    assert_sums_are_those_of_the_rows(desk)


def test_a_new_episode_is_about_what_its_rules_say(desk):
    desk.hears(asks("a", 0)).topic("Noise", 1)
    desk.close("answered", 2)
    desk.hears(asks("b", 3, "a car"), minute=4)
    assert topics(desk) == ["Noise", "Roads and traffic"]
    assert desk.row().topic_id == desk.key_of(Topic, "Roads and traffic")
    assert desk.row().topic_set is None
    assert_sums_are_those_of_the_rows(desk)


def test_a_topic_is_taken_away(desk):
    desk.hears(asks("a", 0, "a car")).topic("nothing of the list", 1)
    assert topics(desk) == [None]
    assert desk.events("topic")[0].after["topic"] == "nothing in particular"
    assert_sums_are_those_of_the_rows(desk)


def test_a_topic_is_one_of_the_workspace(desk):
    desk.hears(asks("a", 0))
    theirs = found(desk.database, "south").rows(Topic)[0].id
    with pytest.raises(BadValue):
        set_topic(desk.database, desk.who, desk.row().id, theirs, at(1))


def test_setting_a_topic_needs_the_right_to(desk):
    desk.hears(asks("a", 0))
    with pytest.raises(NotPermitted):
        desk.hire("eve", "Auditor").topic("Noise", 1)


def test_a_conversation_in_which_only_we_wrote_has_a_topic_as_well(desk):
    desk.hears(answers("r", 0)).topic("Noise", 1)
    assert desk.row().topic_id == desk.key_of(Topic, "Noise")


@pytest.mark.parametrize("seed", range(3))
def test_sums_equal_the_rows_after_any_history(desk, seed, rounds):
    """Messages, edits, closings, topics and undoings in any order: the sums are always those of the rows."""
    random, minute, known = Random(seed), 0, []
    for number in range(rounds(120)):
        minute += random.randrange(1, 90)
        what = random.choice(("ask", "ask", "ask", "edit", "answer", "topic", "undo topic", "close"))
        if what == "ask" or not known:
            sent, text = minute - random.choice((0, 0, 30)), random.choice(("hello", "a car", "lost", "cheap"))
            known.append(asks(f"m{number}", sent, text))
            desk.hears(known[-1], minute=minute)
        elif what == "edit":
            desk.hears(
                edit(random.choice(known), minute, random.choice(("a car", "hello", "lost")), number), minute=minute
            )
        elif what == "answer":
            desk.hears(answers(f"r{number}", minute, known[-1].network_id), minute=minute)
        elif what == "close":
            if desk.row().state != "closed":
                desk.close("answered", minute, "why")
        else:
            event = desk.topic(random.choice(("Noise", "Fraud and scams", "none")), minute)
            if what == "undo topic":
                desk.undo(event, minute + 1)
    assert_sums_are_those_of_the_rows(desk)
    assert at(minute) < NOW
