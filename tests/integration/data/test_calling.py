"""A rule tells the team of a message once, whatever the pages it came in."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from models.alarms import Alarm, AlarmCause
from models.audit import AuditEvent
from models.conversation import Message
from models.posts import Direction
from tests.arrivals import ANN, BEN, add_colleague, answers, asks, deliver, edit, found, history
from tests.rows import open_database

TELL = ({"words": {"any": ["fire"]}}, {"alarm": True})
ROADS = ({"words": {"any": ["car"]}}, {"alarm": True, "team": "Roads", "topic": "Roads and traffic"})
WORST = ({"words": {"any": ["lost"]}}, {"alarm": True, "grade": "Emergency"})


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield opened
    opened.close()


def told(town):
    """Which rule told of which message, by their names."""
    names = {row.id: row.network_id for row in town.rows(Message)}
    causes = [row.key.split("/") for row in town.rows(AlarmCause) if row.kind == "rule"]
    return sorted(names[int(message_id)] for _, _, message_id in causes)


def waiting(town):
    """The words of the alarms by rules that something still waits under."""
    causes = {row.alarm_id for row in town.rows(AlarmCause) if row.cleared is None}
    return sorted(row.words for row in town.rows(Alarm, Alarm.kind == "rule") if row.id in causes)


def test_a_rule_tells_of_a_message_once_however_often_it_is_fetched_or_edited(database):
    town = found(database, rules=[TELL])
    post = asks("m1", 0, "a fire")
    for _ in range(2):
        town.take(post, asks("m2", 1, "hello"))
    town.take(post, edit(post, 2, "a big fire"), asks("m3", 3, "hello"))
    assert told(town) == ["m1"]
    (alarm,) = town.rows(Alarm)
    (hit,) = town.rows(Message)[0].hits["rules"]
    assert (alarm.words, alarm.team_id, hit["name"], hit["alarm"]) == ("r0", None, "r0", True)
    assert alarm.conversation_id == town.rows(Message)[0].conversation_id
    with database.read() as db:
        said = select(AuditEvent.after).where(AuditEvent.action == "intake.page").order_by(AuditEvent.id)
        assert [after.get("alarms") for after in db.scalars(said)] == [[[alarm.id, 1]], None]


def test_new_words_of_an_edit_call_and_what_was_answered_before_it_was_read_does_not(database):
    town = found(database, rules=[TELL])
    calm, answered = asks("m1", 0, "hello"), asks("m2", 1, "a fire", BEN)
    town.take(calm, answered, answers("o1", 5, "m1"), answers("o2", 5, "m2", BEN))
    assert told(town) == []
    town.take(edit(calm, 9, "now there is a fire"))
    assert told(town) == ["m1"]


def test_an_answer_ends_the_alarm_and_loading_a_history_raises_none(database):
    town = found(database, rules=[TELL])
    town.take(asks("m1", 0, "fire"))
    assert waiting(town) == ["r0"]
    town.take(answers("o1", 5, "m1"))
    assert waiting(town) == []
    town.take(asks("m2", 60, "fire again", BEN), lag=timedelta(0))
    assert told(town) == ["m1"]


def test_alarms_of_a_team_are_one_and_the_top_grade_stands_alone(database):
    town = found(database, rules=[ROADS, WORST])
    town.take(asks("m1", 0, "a car"), asks("m2", 1, "a car", BEN))
    town.take(*(asks(f"w{number}", number, "lost", who) for number, who in enumerate((ANN, BEN))))
    alarms = town.rows(Alarm, Alarm.kind == "rule")
    assert sorted((row.words, row.rank == 1, row.team_id is not None) for row in alarms) == [
        ("r0", False, True),
        ("r1", True, True),
        ("r1", True, True),
    ]
    assert told(town) == ["m1", "m2", "w0", "w1"]


def test_the_pages_make_no_difference(database, rounds):
    rules = [
        TELL,
        ROADS,
        ({"words": {"any": ["cheap"]}}, {"spam": True}),
        ({"contact": "repeat"}, {"flags": ["again"]}),
    ]
    called = 0
    for number in range(rounds(100) // 10):
        random = Random(number)
        posts = [post for post in history(random, threads=20) if post.direction is Direction.IN]
        whole, paged = (found(database, f"{name}{number}", rules=rules) for name in ("whole", "paged"))
        whole.take(*posts)
        deliver(paged, random, posts)
        assert told(whole) == told(paged)
        said = [post.network_id for post in posts for word in ("fire", "car") if word in post.text and not post.deleted]
        assert set(told(whole)) == set(said)
        called += len(said)
    assert called
