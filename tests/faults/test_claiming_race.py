"""Two clients race for the same conversations: each has one winner, one event, and a loser who is told who won.

The same in two real browsers is in ``tests/browser/test_claims.py``.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.holds import CLAIM
from models.audit import AuditEvent
from models.conversation import Conversation, Interval
from tests.rows import add_conversation, add_member, add_workspace, open_database

CONVERSATIONS = 1_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


class Race:
    """Two clients in processes of their own, and the conversations that they are told of at the same time."""

    def __init__(self, database, planted):
        self.database = database
        self.north = add_workspace(database)
        self.people = {add_member(database, self.north, name, "Operator"): name.title() for name in ("ann", "bob")}
        self.clients = [self.client(user_id, planted) for user_id in self.people]

    def client(self, user_id, planted):
        asked = [self.database.url, str(self.north), str(user_id), "planted" if planted else "as it is"]
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.racing", *asked],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        assert started.stdout.readline() == "ready\n"
        return started

    def run(self, number):
        """The outcomes by conversation, in the order of the clients."""
        found = {}
        for turn in range(number):
            key = add_conversation(self.database, self.north)
            # In turn, so that neither client is the first to be told each time.
            for one in self.clients if turn % 2 else reversed(self.clients):
                one.stdin.write(f"{key}\n")
                one.stdin.flush()
            found[key] = [json.loads(one.stdout.readline()) for one in self.clients]
        return found

    def stop(self):
        for one in self.clients:
            one.stdin.close()
            assert one.wait(30) == 0
            one.stdout.close()


def run(database, number, planted=False):
    race = Race(database, planted)
    try:
        return race, race.run(number)
    finally:
        race.stop()


def faults(race, outcomes):
    """Everything that must not be, one line each."""
    wrong = []
    ids = list(race.people)
    with race.database.read() as db:
        holders = dict(db.execute(select(Conversation.id, Conversation.holder_id)).all())
        held = dict(db.execute(_by_conversation(Interval.conversation_id).where(Interval.kind == CLAIM)).all())
        told = dict(
            db.execute(
                _by_conversation(AuditEvent.object_id).where(
                    AuditEvent.action == "claim", AuditEvent.object == "conversation"
                )
            ).all()
        )
    for key, both in outcomes.items():
        winners = [ids[place] for place, one in enumerate(both) if one["won"]]
        losers = [one for one in both if not one["won"]]
        if len(winners) != 1 or holders[key] != winners[0]:
            wrong.append(f"{key}: won by {winners}, held by {holders[key]}")
        elif losers[0]["name"] != race.people[winners[0]]:
            wrong.append(f"{key}: the loser was told of {losers[0]['name']!r}")
        if (held.get(key), told.get(key)) != (1, 1):
            wrong.append(f"{key}: {held.get(key)} claims and {told.get(key)} events")
    return wrong


def _by_conversation(column):
    return select(column, func.count()).group_by(column)


@pytest.mark.timeout(1_200)
def test_of_two_who_claim_at_once_exactly_one_wins_and_the_other_is_told_who(database, rounds):
    race, outcomes = run(database, rounds(CONVERSATIONS))
    assert faults(race, outcomes) == []
    first = sum(both[0]["won"] for both in outcomes.values())
    print(f"{len(outcomes)} conversations: {first} won by one, {len(outcomes) - first} by the other")
    assert 0 < first < len(outcomes), "it was a race, and not one client after the other"


@pytest.mark.timeout(600)
def test_looking_first_and_taking_it_in_a_second_step_is_caught(database, rounds):
    race, outcomes = run(database, max(rounds(CONVERSATIONS) // 5, 20), planted=True)
    doubles = [line for line in faults(race, outcomes) if "2 claims" in line]
    assert doubles, "the planted bug made no double claim, so this test would not see one"
