"""One poll of one account: copy where we stand, ask the network, store page by page, say when to ask next.

No transaction is open while the network answers. A page is stored with its cursor in one transaction (``data.intake``),
so that a poll that ends anywhere loses nothing and doubles nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from data.audit import raise_revision
from data.channels import UnknownConnector
from data.channels.contract import ChannelFailure, Connector, RateLimited, Refused, WrongSetting
from data.clock import Clock
from data.database import Database
from data.health import FAILING_AFTER
from data.intake import AccountFacts, take
from data.measures import INTAKE_SECONDS, POLLS, POSTS
from data.reading import note_failure, poll_of
from models.pacing import after_failure, after_refusal, after_success, month_of, next_month
from models.posts import Batch
from models.problems import CredentialsLocked
from models.workspace import Account, AccountPoll

MOST_PAGES = 50
"""Of one poll, so that a long history of one account leaves threads to the others; it goes on two seconds later."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Followed:
    """An account as the poller follows it. ``version`` moves with every change of the account."""

    workspace_id: int
    id: int
    channel: str
    connector: str
    handle: str
    interval: timedelta
    budget: int | None
    settings: Mapping[str, Any]
    credentials: str | None = field(repr=False)
    version: int
    next_attempt: datetime | None

    @property
    def facts(self) -> AccountFacts:
        """What intake needs to know."""
        return AccountFacts(self.workspace_id, self.id, self.channel)


@dataclass(slots=True)
class Polled:
    """How a poll went. ``outcome`` is one of fetched, failed, limited, refused, spent, stopped."""

    outcome: str
    next_attempt: datetime
    pages: int = 0
    posts: dict[str, int] = field(default_factory=dict)
    more: bool = False
    welcome: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Before:
    """Where reading stood when the poll began."""

    cursor: str | None
    reads: int
    look: tuple[Any, ...]


def followed(database: Database) -> list[Followed]:
    """Every account that is not paused."""
    with database.read() as db:
        rows = db.execute(
            select(Account, AccountPoll.next_attempt)
            .outerjoin(
                AccountPoll,
                and_(AccountPoll.workspace_id == Account.workspace_id, AccountPoll.account_id == Account.id),
            )
            .where(Account.paused.is_(False))
            .order_by(Account.id)
        )
        return [followed_as(row, next_attempt) for row, next_attempt in rows]


def followed_as(row: Account, next_attempt: datetime | None) -> Followed:
    """An account's row as the poller follows it."""
    return Followed(
        workspace_id=row.workspace_id,
        id=row.id,
        channel=row.channel,
        connector=row.connector,
        handle=row.handle,
        interval=timedelta(seconds=row.interval_seconds),
        budget=row.read_budget,
        settings=row.settings or {},
        credentials=row.credentials,
        version=row.audit_id,
        next_attempt=next_attempt,
    )


def poll(
    database: Database,
    account: Followed,
    connect: Callable[[], Connector],
    clock: Clock,
    *,
    carry_on: Callable[[], bool],
    chance: Callable[[], float],
) -> Polled:
    """Poll once, whatever happens: a failure is written down with its reason and decides when to ask again.

    ``carry_on`` is asked before every page is stored; where it says no, the page in hand is left for the next poll.
    ``chance`` gives numbers from 0 to 1 for the jitter. Raises only where the database itself fails.
    """
    before = _before(database, account, clock())
    if account.budget is not None and before.reads >= account.budget:
        polled = _spent(database, account, before, clock(), chance())
    else:
        polled = _try(database, account, before, connect, clock, carry_on, chance())
    POLLS.labels(account.channel, polled.outcome).inc()
    # A quiet account asked every minute would bury everything else.
    told = log.info if polled.posts or polled.outcome != "fetched" else log.debug
    told(
        "poll",
        account=account.id,
        workspace=account.workspace_id,
        channel=account.channel,
        outcome=polled.outcome,
        pages=polled.pages,
        posts=polled.posts,
        next_attempt=polled.next_attempt,
    )
    return polled


def _before(database: Database, account: Followed, now: datetime) -> _Before:
    with database.read() as db:
        row = db.get(AccountPoll, (account.workspace_id, account.id))
        if row is None:
            return _Before(None, 0, ())
        return _Before(row.cursor, row.reads if row.month == month_of(now) else 0, look_of(row))


def look_of(row: AccountPoll) -> tuple[Any, ...]:
    """What of a poll's row people see at once: where it differs after a poll, the workspace's revision is raised."""
    return (row.refused, row.failures >= FAILING_AFTER, row.reason, row.last_success is None)


def _try(
    database: Database,
    account: Followed,
    before: _Before,
    connect: Callable[[], Connector],
    clock: Clock,
    carry_on: Callable[[], bool],
    chance: float,
) -> Polled:
    polled = Polled("fetched", began := clock())
    try:
        _read_pages(database, account, before, connect(), clock, carry_on, polled)
    except (ChannelFailure, WrongSetting, UnknownConnector, CredentialsLocked) as failure:
        return _failed(database, account, before, polled, failure, clock(), chance)
    polled.next_attempt = after_success(began, clock(), account.interval, polled.more, polled.welcome)
    with database.write() as db:
        revision = _settle(db, account, before, polled.next_attempt)
    _announce(database, account, revision)
    return polled


def _read_pages(
    database: Database,
    account: Followed,
    before: _Before,
    connector: Connector,
    clock: Clock,
    carry_on: Callable[[], bool],
    polled: Polled,
) -> None:
    cursor, reads = before.cursor, before.reads
    polled.more = True
    while polled.more and polled.pages < MOST_PAGES:
        batch = connector.fetch(cursor)
        if not carry_on():
            polled.outcome = "stopped"
            return
        _store(database, account, batch, clock, polled)
        cursor, reads = batch.cursor, reads + batch.reads
        polled.more = batch.more
        polled.welcome = batch.resets if batch.remaining == 0 else None
        if polled.welcome is not None or (account.budget is not None and reads >= account.budget):
            return


def _store(database: Database, account: Followed, batch: Batch, clock: Clock, polled: Polled) -> None:
    began = monotonic()
    counts = take(database, account.facts, batch, clock(), clock)
    INTAKE_SECONDS.observe(monotonic() - began)
    polled.pages += 1
    for outcome, number in counts.named().items():
        POSTS.labels(outcome).inc(number)
        polled.posts[outcome] = polled.posts.get(outcome, 0) + number


def _failed(
    database: Database,
    account: Followed,
    before: _Before,
    polled: Polled,
    failure: Exception,
    now: datetime,
    chance: float,
) -> Polled:
    with database.write() as db:
        refused = isinstance(failure, Refused | CredentialsLocked)
        note_failure(db, account.workspace_id, account.id, reason_of(failure), refused, now)
        db.flush()
        failures = poll_of(db, account.workspace_id, account.id).failures
        polled.outcome = "limited" if isinstance(failure, RateLimited) else "refused" if refused else "failed"
        polled.next_attempt = _again(failure, now, account.interval, failures, chance)
        revision = _settle(db, account, before, polled.next_attempt)
    _announce(database, account, revision)
    return polled


def reason_of(failure: Exception) -> str:
    """Why a poll failed, in plain words that hold no secret and nothing that anybody wrote."""
    if isinstance(failure, CredentialsLocked):
        return "the stored credentials cannot be read with the present key: enter them again"
    if isinstance(failure, WrongSetting):
        return f"its setting {failure.name} {failure.reason}"
    return str(failure)


def _again(failure: Exception, now: datetime, interval: timedelta, failures: int, chance: float) -> datetime:
    if isinstance(failure, RateLimited) and failure.retry_at is not None:
        return after_success(now, now, interval, welcome=failure.retry_at)
    if getattr(failure, "retryable", False):
        return after_failure(now, interval, failures, chance)
    return after_refusal(now, interval)


def _spent(database: Database, account: Followed, before: _Before, now: datetime, chance: float) -> Polled:
    """The month's budget is used up: ask nothing, say so, and go on next month."""
    first = next_month(now)
    with database.write() as db:
        row = poll_of(db, account.workspace_id, account.id)
        db.flush()
        row.failures = max(row.failures, FAILING_AFTER)
        row.failing_since = row.failing_since or now
        row.reason = f"the read budget of this month ({account.budget} posts) is used up until {first.day} {first:%B}"
        next_attempt = first + account.interval * chance
        revision = _settle(db, account, before, next_attempt)
    _announce(database, account, revision)
    return Polled("spent", next_attempt)


def _settle(db: Session, account: Followed, before: _Before, next_attempt: datetime) -> int | None:
    """Write when to ask next; where people will see a difference, raise the revision and return it."""
    row = poll_of(db, account.workspace_id, account.id)
    # A person changed the account meanwhile: it is asked again at once, with what they gave.
    if db.scalar(select(Account.audit_id).where(Account.id == account.id)) == account.version:
        row.next_attempt = next_attempt
    db.flush()
    return raise_revision(db, account.workspace_id) if look_of(row) != before.look else None


def _announce(database: Database, account: Followed, revision: int | None) -> None:
    if revision is not None:
        database.announce(account.workspace_id, revision)
