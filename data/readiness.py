"""Whether everything works, in plain facts: for a monitor, for ``status`` and for /metrics."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from data.clock import Clock
from data.database import Database, schema_is_current
from data.health import account_state
from data.heartbeats import poller_seen
from data.signing import IDLE, LONGEST
from models.people import SignedIn, User
from models.problems import NotSaved
from models.snapshots import AccountState
from models.workspace import Account, AccountPoll, Heartbeat, Workspace

UNWELL = frozenset({AccountState.AUTH, AccountState.DEAD, AccountState.FAILING})
"""States in which an account brings no posts though somebody expects it to."""
PROBE = "probe"
KEPT = timedelta(seconds=5)
"""How long an answer holds, so that whoever asks cannot make us write all day."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account as it stands now."""

    id: int
    workspace: str
    channel: str
    handle: str
    connector: str
    state: AccountState
    since: datetime | None
    last_success: datetime | None
    next_attempt: datetime | None
    reason: str
    reads: int
    budget: int | None
    interval: int


@dataclass(frozen=True, slots=True)
class Ready:
    """What was found. ``ready`` is all of: the database takes writes and is current, the poller is alive, no account unwell."""

    at: datetime
    writes: bool
    current: bool
    poller: bool
    poller_seen: datetime | None
    accounts: tuple[AccountFacts, ...]

    @property
    def ready(self) -> bool:
        """Whether everything works."""
        return self.writes and self.current and self.poller and not any(one.state in UNWELL for one in self.accounts)

    def facts(self, with_names: bool) -> dict[str, Any]:
        """As JSON. Without names there are only counts of the accounts' states."""
        states = Counter(str(one.state) for one in self.accounts)
        return {
            "ready": self.ready,
            "as_at": self.at.isoformat(),
            "database": {"takes_writes": self.writes, "schema_current": self.current},
            "poller": {"alive": self.poller, "seen": self.poller_seen.isoformat() if self.poller_seen else None},
            "accounts": [_named(one) for one in self.accounts] if with_names else dict(sorted(states.items())),
        }


class Readiness:
    """Looks, and keeps what it saw for ``KEPT``. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: Ready | None = None

    def look(self) -> Ready:
        """The newest picture; never raises for a database that does not answer."""
        with self._guard:
            now = self._clock()
            if self._kept is None or not timedelta(0) <= now - self._kept.at < KEPT:
                self._kept = look(self._database, now)
            return self._kept


def look(database: Database, now: datetime) -> Ready:
    """What is true at ``now``."""
    try:
        current = schema_is_current(database)
        with database.read() as db:
            seen, alive = poller_seen(db, now)
            accounts = account_facts(db, now)
    except SQLAlchemyError:
        return Ready(now, False, False, False, None, ())
    return Ready(now, takes_writes(database, now), current, alive, seen, accounts)


def takes_writes(database: Database, now: datetime) -> bool:
    """Whether a transaction that writes can be committed. Leaves nothing behind."""
    try:
        with database.write() as db:
            db.execute(delete(Heartbeat).where(Heartbeat.name == PROBE))
            db.execute(insert(Heartbeat).values(name=PROBE, holder="", at=now))
            db.execute(delete(Heartbeat).where(Heartbeat.name == PROBE))
    except (SQLAlchemyError, NotSaved):
        return False
    return True


def account_facts(db: Session, now: datetime) -> tuple[AccountFacts, ...]:
    """Every account of every workspace."""
    rows = db.execute(
        select(Account, Workspace.slug, AccountPoll)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .outerjoin(
            AccountPoll, and_(AccountPoll.workspace_id == Account.workspace_id, AccountPoll.account_id == Account.id)
        )
        .order_by(Workspace.slug, Account.channel, Account.handle)
    )
    return tuple(_account(account, slug, poll, now) for account, slug, poll in rows)


def _account(account: Account, slug: str, poll: AccountPoll | None, now: datetime) -> AccountFacts:
    state, since = account_state(poll, account, now)
    this_month = poll is not None and poll.month == now.strftime("%Y-%m")
    return AccountFacts(
        id=account.id,
        workspace=slug,
        channel=account.channel,
        handle=account.handle,
        connector=account.connector,
        state=state,
        since=since,
        last_success=poll.last_success if poll else None,
        next_attempt=poll.next_attempt if poll else None,
        reason=poll.reason if poll else "",
        reads=poll.reads if poll is not None and this_month else 0,
        budget=account.read_budget,
        interval=account.interval_seconds,
    )


def _named(one: AccountFacts) -> dict[str, Any]:
    return {
        "id": one.id,
        "workspace": one.workspace,
        "channel": one.channel,
        "handle": one.handle,
        "state": str(one.state),
        "reason": one.reason,
    }


def open_sessions(db: Session, now: datetime) -> int:
    """Signed-in browsers whose session is good now."""
    wanted = (
        select(func.count())
        .select_from(SignedIn)
        .join(User, User.id == SignedIn.user_id)
        .where(
            SignedIn.ended.is_(None),
            SignedIn.last_active > now - IDLE,
            SignedIn.began > now - LONGEST,
            User.disabled.is_(False),
        )
    )
    return db.scalar(wanted) or 0
