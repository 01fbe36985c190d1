"""A rule tried before it is turned on finds exactly the messages that it then touches; no batch makes a difference."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from data.trials import BACK, Trials, touched
from models.alarms import AlarmCause
from models.audit import AuditEvent
from models.conversation import Message, Turn
from models.permissions import Permission
from models.problems import NotPermitted
from models.rules import RuleFacts
from models.workspace import Rule
from tests.arrivals import MINUTE, NOW, WORDS, asks, found, history
from tests.rows import open_database, scope_of


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def some_conditions(random):
    """Conditions of any kind, over the words that people of the town say."""
    conditions = {
        "contact": random.choice(("any", "new", "repeat")),
        "hours": random.choice(("any", "in", "out")),
        "kinds": random.sample(("public", "private", "listening"), random.randrange(2)),
        "media": random.choice(([], [], [], ["photo"], ["video", "file"])),
    }
    if random.random() < 0.7:
        conditions["words"] = {"any": random.sample(WORDS, 2), "none": random.sample(WORDS, random.randrange(2))}
    return conditions


def tried(town, conditions, at_once):
    """The network ids that a trial of a rule finds."""
    rule = RuleFacts.from_json({"name": "tried", "conditions": conditions}, 0)
    keys = list(touched(town.database, town.account.workspace_id, rule, NOW - BACK, lambda done: None, at_once))
    names = {row.id: row.network_id for row in town.rows(Message)}
    assert len(keys) == len(set(keys))
    return {names[key] for key in keys}


def touched_live(town):
    """For each rule by its name, the network ids of the messages that it touched as they came."""
    live = {}
    for row in town.rows(Message):
        for hit in (row.hits or {}).get("rules", ()):
            live.setdefault(hit["name"], set()).add(row.network_id)
    return live


def unanswered(town):
    """The network ids of the messages whose turn still waits, and of those that a rule told of, by the rule's name."""
    waits = {row.id for row in town.rows(Turn) if row.replied is None and row.ended is None}
    messages = {row.id: row for row in town.rows(Message)}
    rules = {row.id: row.name for row in town.rows(Rule)}
    told = {}
    for row in town.rows(AlarmCause, AlarmCause.kind == "rule"):
        _, rule_id, message_id = row.key.split("/")
        told.setdefault(rules[int(rule_id)], set()).add(messages[int(message_id)].network_id)
    return {row.network_id for row in messages.values() if row.turn_id in waits}, told


def test_a_trial_finds_what_the_live_run_then_touches_whatever_the_batches(database, rounds):
    compared = 0
    for number in range(rounds(500) // 10):
        random = Random(number)
        written = [some_conditions(random) for _ in range(10)]
        quiet = found(database, f"quiet{number}", rules=())
        live = found(database, f"live{number}", rules=[(conditions, {"alarm": True}) for conditions in written])
        posts = history(random, threads=20)
        random.shuffle(posts)
        for town, size in ((quiet, 50), (live, random.choice((1, 3, 200)))):
            for begin in range(0, len(posts), size):
                town.take(*posts[begin : begin + size])
        hits, (waiting, told) = touched_live(live), unanswered(live)
        for place, conditions in enumerate(written):
            conditions["accounts"] = random.choice(([], [quiet.account.id]))
            assert tried(quiet, conditions, random.choice((1, 7, 1_000))) == hits.get(f"r{place}", set()), conditions
            assert hits.get(f"r{place}", set()) & waiting <= told.get(f"r{place}", set()), conditions
            compared += len(hits.get(f"r{place}", ()))
    assert compared


def test_a_trial_looks_at_thirty_days_is_on_record_and_belongs_to_whoever_began_it(database):
    town = found(database, rules=())
    home = town.account.workspace_id
    town.take(asks("m1", 0, "a fire"), asks("m2", 1, "hello"), asks("m3", 2, "fire again"))
    trials = Trials(database, lambda: NOW - timedelta(days=14) + BACK + MINUTE + timedelta(hours=-4))
    tom, sue = scope_of(home, 1, "Administrator"), scope_of(home, 2, "Administrator")
    rule = RuleFacts.from_json({"name": "Fires", "conditions": {"words": {"any": ["fire"]}}}, 0)
    trial = trials.start(tom, rule)
    trial.thread.join(60)
    assert (trial.state.done, trial.state.found, trial.state.running) == (2, 1, False)
    assert [row.network_id for row in town.rows(Message) if row.id in trial.found] == ["m3"]
    assert trials.look(tom) is trial
    assert trials.look(sue) is None
    with database.read() as db:
        told = db.scalars(select(AuditEvent.after).where(AuditEvent.action == "try")).all()
    assert told == [{"name": "Fires", "messages": 2, "found": 1}]
    with pytest.raises(NotPermitted) as refused:
        trials.start(scope_of(home, 1, "Operator"), rule)
    assert refused.value.permission is Permission.ADMINISTER
    assert all(row.hits is None for row in town.rows(Message))


def test_a_trial_can_be_stopped(database, monkeypatch):
    monkeypatch.setattr("data.trials.AT_ONCE", 1)
    town = found(database, rules=())
    town.take(asks("m1", 0), asks("m2", 1))
    trials, tom = Trials(database, lambda: NOW), scope_of(town.account.workspace_id, 1, "Administrator")

    def count(*_asked):
        trials.stop(tom)
        return 2

    monkeypatch.setattr("data.trials.how_many", count)
    trial = trials.start(tom, RuleFacts(0, "Every message"))
    trial.thread.join(60)
    assert trial.state.stopped
    assert not trial.state.running
