"""The main job on real posts: the published sets through connector, intake and figures, counted again apart from them.

Run by `make peers`. The counting here shares no code with the product.
"""

import csv
import json
import os
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.administration import create_workspace
from data.audit import change
from data.channels import connect
from data.channels.adapters import companies
from data.database import Database
from data.intake import AccountFacts, take
from models.audit import COMMAND
from models.conversation import Message, Turn
from models.quantiles import product_limit
from models.rollups import Hourly
from models.workspace import Account

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
DAY = 86_400.0


@pytest.fixture(scope="module")
def folder() -> Path:
    where = os.environ.get("PEER_DATA")
    if not where:
        pytest.fail("PEER_DATA does not say where the published sets are")
    return Path(where)


@pytest.fixture
def database(database_url):
    found = Database(database_url, b"k" * 32)
    yield found
    found.close()


def add_account(database, workspace_id, handle) -> AccountFacts:
    with change(database, workspace_id, COMMAND, LONG_AGO) as c:
        row = Account(
            workspace_id=workspace_id,
            channel="x",
            connector="replay",
            handle=handle,
            created=LONG_AGO,
            audit_id=c.audit_id,
        )
        c.db.add(row)
        c.db.flush()
        c.state("account.added", "account", row.id)
    return AccountFacts(workspace_id, row.id, "x")


def replay(database, account, path, handle) -> Counter:
    given = {"path": str(path), "as_recorded": "yes", "page_size": 500}
    connector = connect("replay", handle=handle, settings=given, credentials={}, clock=lambda: NOW)
    cursor, outcomes = None, Counter()
    while True:
        batch = connector.fetch(cursor)
        counts = take(database, account, batch, NOW, lambda: NOW)
        assert counts.fetched == batch.fetched
        outcomes.update(counts.named())
        cursor = batch.cursor
        if not batch.more:
            return outcomes


def time_of(identity) -> float:
    """Seconds since 1970, out of the id alone."""
    return ((int(identity) >> 22) + 1288834974657) / 1000


def test_the_bushfire_as_it_was_recorded(database, folder):
    path = folder / "crisislex_2013_Australia_bushfire-tweetids_entire_period.csv"
    with path.open(newline="") as file:
        ids = {row[1].strip() for row in list(csv.reader(file, skipinitialspace=True))[1:]}
    workspace_id = create_workspace(database, "bushfire", "Bushfire", LONG_AGO, COMMAND)
    account = add_account(database, workspace_id, "@listening")
    outcomes = replay(database, account, path, "@listening")
    assert outcomes == {"stored": 1_995, "duplicate": 2}
    with database.read() as db:
        totals = dict(
            db.execute(select(Hourly.hour, func.sum(Hourly.count)).group_by(Hourly.hour).where(Hourly.count > 0)).all()
        )
        assert db.scalar(select(func.count()).select_from(Message)) == 1_995
        assert db.scalar(select(func.count()).select_from(Turn)) == 0
    apart = Counter(int(time_of(identity) // 3600) for identity in ids)
    assert {int(hour.timestamp() // 3600): number for hour, number in totals.items()} == apart
    assert sum(totals.values()) == 1_995


def waits_apart(dialogues, company) -> list[float | None]:
    """Public waits of first turns, in seconds, None for unanswered: written from METRICS.md, for this test alone."""
    said = defaultdict(dict)
    for dialogue in dialogues:
        if dialogue["dialogHeader"]["company"].casefold() != company.casefold():
            continue
        people = []
        for part in dialogue["dialogContent"]:
            role = next(name for name in part if name not in ("datetime", "message", "tweet_ID"))
            speaker = None if role == "agent" or part[role] == dialogue["dialogHeader"]["company"] else part[role]
            if speaker is not None:
                people.append(speaker)
                said[speaker.casefold()][part["tweet_ID"]] = (time_of(part["tweet_ID"]), "in")
            else:
                said[answers(part["message"], people)][part["tweet_ID"]] = (time_of(part["tweet_ID"]), "out")
        last = dialogue["agentURL"]
        said[answers(last["url_utterance"], people)][last["tweet_ID"]] = (time_of(last["tweet_ID"]), "out")
    return [wait for messages in said.values() for wait in first_waits(sorted(messages.values()))]


def answers(text, people) -> str:
    named = [handle.casefold() for handle in re.findall(r"@(\w+)", text)]
    known = {person.casefold() for person in people}
    return next((handle for handle in named if handle in known), people[-1].casefold() if people else "")


def first_waits(messages):
    """An episode ends 24 h after our last reply; the wait of its first run of inbound messages is its first response."""
    started, replied, first, in_episode = None, None, True, False
    for at, direction in messages:
        if direction == "in":
            if started is None:
                fresh = not in_episode or (replied is not None and at - replied > DAY)
                started, first, in_episode = at, fresh, True
        else:
            if started is not None and first:
                yield at - started
            started, replied = None, at
    if started is not None and first:
        yield None


def median_apart(waits, now) -> float | None:
    """Kaplan-Meier, plainly: the first answered wait at which at most half are still waiting."""
    at_risk, surviving = len(waits), 1.0
    marked = sorted((wait, 0) if wait is not None else (float("inf"), 1) for wait in waits)
    for wait, censored in marked:
        if censored:
            return None
        surviving *= (at_risk - 1) / at_risk
        at_risk -= 1
        if surviving <= 0.5 + 1e-12:
            return wait
    return None


def test_real_dialogues_have_the_response_times_that_a_separate_script_finds(database, folder):
    path = folder / "ibm_twitter_care_dev.json"
    dialogues = json.loads(path.read_text())
    workspace_id = create_workspace(database, "care", "Care", LONG_AGO, COMMAND)
    compared = 0
    for company in companies(path):
        account = add_account(database, workspace_id, company)
        replay(database, account, path, company)
        expected = waits_apart(dialogues, company)
        with database.read() as db:
            rows = db.execute(
                select(Turn.started, Turn.replied).where(Turn.account_id == account.id, Turn.position == "first")
            ).all()
        found = [(replied - started).total_seconds() if replied else None for started, replied in rows]
        assert sorted(map(rounded, found)) == sorted(map(rounded, expected)), company
        answered = [wait for wait in found if wait is not None]
        waiting = [(NOW - started) / timedelta(seconds=1) for started, replied in rows if replied is None]
        ours = product_limit(answered, waiting, 0.5)
        apart = median_apart(expected, NOW)
        assert (rounded(ours.value) if ours and ours.reached else None) == (None if apart is None else rounded(apart))
        compared += len(found)
    assert compared > 500


def rounded(wait: float | None) -> float:
    return -1.0 if wait is None else round(wait, 3)
