"""A rule tried on the messages of the last 30 days before it is turned on: exactly those that it would have touched.

A message is read as the live run reads it: its latest text and language, by the calendar that was in force when it was sent,
and whether its contact was new to the account then. Nothing is written to any message, and only keys are kept.
"""

import threading
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from data.audit import actor_of, change
from data.clock import Clock
from data.database import Database
from data.newcomers import oldest_stored
from models.conversation import Message
from models.permissions import Permission, Scope
from models.posts import Direction, Kind, attached
from models.rules import Arrival, RuleFacts
from models.snapshots.rules import TrialState
from models.workspace import Account

log = structlog.get_logger()

BACK = timedelta(days=30)
AT_ONCE = 1_000
MOST_KEPT = 100
"""Trials whose finds are kept: each person's last one."""

Report = Callable[[int], None]
"""Told how many messages were looked at. It may raise to end the trial."""


def touched(
    database: Database, home: int, rule: RuleFacts, since: datetime, report: Report, at_once: int = AT_ONCE
) -> Iterator[int]:
    """The keys of the inbound messages sent from ``since`` on that the rule touches, the latest first."""
    last: tuple[datetime, int] | None = None
    done = 0
    while True:
        with database.read() as db:
            rows = db.execute(_page(home, since, last).limit(at_once)).all()
            newcomers = _newcomers(db, rows) if rule.conditions.contact != "any" else frozenset[int]()
        yield from (row.id for row in rows if rule.matches(arrival_of(row, row.id in newcomers)))
        done += len(rows)
        report(done)
        if len(rows) < at_once:
            return
        last = (rows[-1].sent, rows[-1].id)


def arrival_of(row: Any, contact_is_new: bool) -> Arrival:
    """A stored message as rules saw it when it came."""
    told = (row.text, row.channel, row.kind, row.account_id, row.language)
    return Arrival(*told, contact_is_new, row.hours, attached(row.media))


def how_many(database: Database, home: int, since: datetime) -> int:
    """How many messages a trial looks at."""
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(Message).where(*_looked_at(home, since))) or 0


def _looked_at(home: int, since: datetime) -> tuple[Any, ...]:
    return Message.workspace_id == home, Message.sent >= since, Message.direction == Direction.IN


_COLUMNS = (
    *(Message.id, Message.text, Message.kind, Message.account_id, Message.language, Message.hours, Message.sent),
    *(Message.network_id, Message.contact_id, Message.media, Account.channel),
)


def _page(home: int, since: datetime, last: tuple[datetime, int] | None) -> Any:
    wanted = select(*_COLUMNS).join(Account, Account.id == Message.account_id).where(*_looked_at(home, since))
    if last is not None:
        sent, key = last
        earlier = or_(Message.sent < sent, and_(Message.sent == sent, Message.id < key))
        wanted = wanted.where(Message.sent <= sent, earlier)
    return wanted.order_by(Message.sent.desc(), Message.id.desc())


def _newcomers(db: Session, rows: Any) -> frozenset[int]:
    """Of these messages, those that were the first of their contact to the account."""
    asked: dict[int, set[int]] = {}
    for row in rows:
        if row.contact_id is not None and row.kind != Kind.LISTENING:
            asked.setdefault(row.account_id, set()).add(row.contact_id)
    first: dict[tuple[int, int], Any] = {}
    for account_id, contacts in asked.items():
        for row in oldest_stored(db, account_id, contacts):
            key = (account_id, row.contact_id)
            if key not in first or row.network_id < first[key].network_id:
                first[key] = row
    return frozenset(row.id for row in first.values())


@dataclass(slots=True)
class Trial:
    """One trial: the rule, how far it is, and the keys of what it found, the latest message first."""

    rule: RuleFacts
    since: datetime
    state: TrialState
    found: "array[int]" = field(default_factory=lambda: array("q"))
    stopping: bool = False
    thread: threading.Thread | None = None


class _Stopped(Exception):
    """Somebody does not want to know any more."""


class Trials:
    """Each person's last trial in each workspace, under way or ended. Shared by the threads of one process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._guard = threading.Lock()
        self._trials: dict[tuple[int, int | None], Trial] = {}

    def start(self, scope: Scope, rule: RuleFacts) -> Trial:
        """Begin one; the person's last one ends where it is. Raises ``NotPermitted``."""
        scope.require(Permission.ADMINISTER)
        since = self._clock() - BACK
        trial = Trial(rule, since, TrialState(rule.name, since, running=True, alarm=rule.actions.alarm))
        key = (scope.workspace_id, scope.user_id)
        with self._guard:
            if (before := self._trials.pop(key, None)) is not None:
                before.stopping = True
            while len(self._trials) >= MOST_KEPT:
                self._trials.pop(next(iter(self._trials))).stopping = True
            self._trials[key] = trial
        trial.thread = threading.Thread(target=self._run, args=(scope, trial), name="rule trial", daemon=True)
        trial.thread.start()
        return trial

    def look(self, scope: Scope) -> Trial | None:
        """The person's last trial here. Raises ``NotPermitted``."""
        scope.require(Permission.ADMINISTER)
        return self._trials.get((scope.workspace_id, scope.user_id))

    def stop(self, scope: Scope) -> None:
        """Let it end where it is. Raises ``NotPermitted``."""
        trial = self.look(scope)
        if trial is not None:
            trial.stopping = True

    def _run(self, scope: Scope, trial: Trial) -> None:
        try:
            self._walk(scope, trial)
        except _Stopped:
            trial.state = replace(trial.state, running=False, stopped=True)
        except Exception as error:
            log.error("a rule could not be tried", problem=type(error).__name__)
            trial.state = replace(trial.state, running=False, problem="the messages could not be read to their end")

    def _walk(self, scope: Scope, trial: Trial) -> None:
        trial.state = replace(trial.state, total=how_many(self._database, scope.workspace_id, trial.since))

        def report(done: int) -> None:
            if trial.stopping:
                raise _Stopped
            total = max(done, trial.state.total)
            trial.state = replace(trial.state, done=done, total=total, found=len(trial.found))

        trial.found.extend(touched(self._database, scope.workspace_id, trial.rule, trial.since, report))
        with change(self._database, scope.workspace_id, actor_of(scope), self._clock()) as c:
            c.quiet = True
            told = {"name": trial.rule.name, "messages": trial.state.done, "found": len(trial.found)}
            c.state("try", "rule", trial.rule.id or None, after=told)
        trial.state = replace(trial.state, running=False, found=len(trial.found))
