"""Databases with years of invented history, written straight into the tables: for measuring what reading them costs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from data.administration import create_workspace
from data.audit import change
from data.database import Database, migrate
from data.demonstration.county import county
from data.practice import Practice, practice
from data.rollups import Cell, count_messages
from models.audit import COMMAND
from models.base import Base
from models.conversation import Contact, Conversation, Episode, Message, Turn
from models.workspace import Account, AccountPoll

CHANNELS = ("x", "x", "x", "facebook", "facebook", "mastodon")
BATCH = 5_000
MINUTE = timedelta(minutes=1)


@dataclass
class Years:
    """``messages`` messages up to ``now``, ``a_day`` of them a day: two of three inbound, the third our reply.

    ``waiting`` of the exchanges, spread over all of the history, were never answered.
    """

    database: Database
    messages: int
    a_day: int
    now: datetime
    waiting: int
    ways: Practice = field(init=False)
    home: int = field(init=False)
    accounts: list[int] = field(init=False)

    def write(self) -> None:
        """Everything, in batches, with the roll-ups that intake would have kept."""
        self.home = create_workspace(self.database, "north", "North", self.now, COMMAND)
        with change(self.database, self.home, COMMAND, self.now) as c:
            self.audit_id = c.audit_id
            c.state("fill", "workspace", self.home)
        with self.database.read() as db:
            self.ways = practice(db, self.home)
        self.accounts = [self._account(number, channel) for number, channel in enumerate(CHANNELS, 1)]
        exchanges = self.messages // 3
        random = Random(20261123)
        left = set(random.sample(range(exchanges), self.waiting))
        step = timedelta(days=3 / self.a_day)
        for first in range(0, exchanges, BATCH):
            numbers = range(first, min(first + BATCH, exchanges))
            self._store([self._exchange(n, self.now - (exchanges - n) * step, n not in left, random) for n in numbers])

    def _account(self, number: int, channel: str) -> int:
        with self.database.write() as db:
            common = {"workspace_id": self.home, "audit_id": self.audit_id}
            values = {"channel": channel, "connector": "replay", "handle": f"@north{number}", "created": self.now}
            key = db.execute(insert(Account).values(**common, **values).returning(Account.id)).scalar_one()
            times = dict.fromkeys(("last_attempt", "last_success", "last_new"), self.now)
            db.execute(insert(AccountPoll).values(workspace_id=self.home, account_id=key, **times))
        return int(key)

    def _exchange(self, number: int, at: datetime, answered: bool, random: Random) -> dict[str, Any]:
        """Two messages of a contact and, where it was answered, our reply."""
        rank = random.choices([1, 2, 3], [2, 18, 80])[0]
        replied = at + timedelta(seconds=min(int(random.lognormvariate(6.5, 1.2)) + 61, 90_000))
        return {
            "key": number + 1,
            "at": at,
            "account": random.randrange(len(CHANNELS)),
            "rank": rank,
            "due": self.ways.due(at, rank, "x"),
            "replied": replied if answered and replied < self.now else None,
            "kind": random.choice(["public", "public", "private"]),
            "hours": self.ways.calendar.hours_status(at),
        }

    def _store(self, said: list[dict[str, Any]]) -> None:
        common = {"workspace_id": self.home, "audit_id": self.audit_id}
        tables: dict[Any, list[dict[str, Any]]] = {
            entity: [common | row for one in said for row in rows(self, one)]
            for entity, rows in (
                (Contact, _contacts),
                (Conversation, _conversations),
                (Episode, _episodes),
                (Turn, _turns),
                (Message, _messages),
            )
        }
        cells: Counter[Cell] = Counter()
        for one in said:
            place = (self.accounts[one["account"]], one["kind"], one["hours"], self.ways.grade_ids[one["rank"]], 0, 0)
            cells[Cell(one["at"], *place)] += 1
            cells[Cell(one["at"] + MINUTE, *place)] += 1
        with self.database.write() as db:
            for entity, values in tables.items():
                db.connection().execute(insert(entity.__table__), values)
            count_messages(db, self.home, self.ways.zone, cells)


def _contacts(_years: Years, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    names = {"network_id": str(one["key"]), "handle": f"@someone{one['key']}", "name": f"Someone {one['key']}"}
    yield {
        "id": one["key"],
        "channel": CHANNELS[one["account"]],
        **names,
        "first_seen": one["at"],
        "named_at": one["at"],
    }


def _conversations(years: Years, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waits = one["replied"] is None
    yield {
        "id": one["key"],
        "account_id": years.accounts[one["account"]],
        "contact_id": one["key"],
        "state": "open" if waits else "waiting for the contact",
        "grade_id": years.ways.grade_ids[one["rank"]],
        "rank": one["rank"],
        "since": one["at"] if waits else None,
        "due": one["due"] if waits else None,
        "last_at": one["replied"] or one["at"] + MINUTE,
        "last_reply": one["replied"],
        "first_line": "Is anybody there? The bridge at the mill is closed and nobody says until when.",
        "kind": one["kind"],
        "media": False,
    }


def _episodes(_years: Years, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"id": one["key"], "conversation_id": one["key"], "opened": one["at"]}


def _turns(years: Years, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    target = years.ways.target(one["rank"], "x")
    yield {
        "id": one["key"],
        "conversation_id": one["key"],
        "episode_id": one["key"],
        "account_id": years.accounts[one["account"]],
        "grade_id": years.ways.grade_ids[one["rank"]],
        "position": "first",
        "started": one["at"],
        "due": one["due"],
        "target_seconds": target.seconds,
        "clock": str(target.clock),
        "replied": one["replied"],
        "elsewhere": False,
    }


def _messages(years: Years, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    times = [("in", one["at"]), ("in", one["at"] + MINUTE), *([("out", one["replied"])] if one["replied"] else [])]
    for number, (direction, sent) in enumerate(times):
        network_id = f"{one['key']}-{number}"
        yield {
            "account_id": years.accounts[one["account"]],
            "conversation_id": one["key"],
            "contact_id": one["key"],
            "turn_id": one["key"],
            "network_id": network_id,
            "version_id": network_id,
            "direction": direction,
            "kind": one["kind"],
            "text": said(one["key"] + number),
            "sent": sent,
            "fetched": sent,
            "stored": sent,
            "sorted": sent,
            "automatic": False,
            "spam": False,
            "hours": one["hours"] if direction == "in" else "none",
            "grade_id": years.ways.grade_ids[one["rank"]] if direction == "in" else None,
        }


def said(number: int) -> str:
    """A text of the demonstration with a word of its own, so that an index of words has as many as a real one."""
    samples = county().inbound
    return f"{samples[number * 7919 % len(samples)]['text']} ref{number % 50_000}"


def years(folder: Path, messages: int, a_day: int, now: datetime, waiting: int = 5_000) -> Years:
    """A SQLite database of its own in ``folder``, filled. Its tables are those of the program."""
    assert Base.metadata.tables
    url = f"sqlite:///{folder / f'years-{messages}-{a_day}.db'}"
    migrate(url)
    made = Years(Database(url, b"bench" * 7), messages, a_day, now, waiting)
    made.write()
    return made
