"""What an account's connector does now, judged by the row its poller keeps. Pure: rows and the time come in."""

from datetime import datetime, timedelta
from typing import Protocol

from models.snapshots import AccountState

QUIET_AFTER = timedelta(hours=6)
FAILING_AFTER = 2
"""Failed polls in a row."""
INTERVALS = 3
"""Without an attempt for so many intervals nobody is asking."""

LONGEST_PUT_OFF = timedelta(hours=1)
"""Back-off and ``Retry-After`` excuse a missing attempt for so long; a read budget that is used up does not."""

Judged = tuple[AccountState, datetime | None]


class PollFacts(Protocol):
    """What is known of the polls of one account: a row of ``account_poll``."""

    last_attempt: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    next_attempt: datetime | None
    failures: int
    failing_since: datetime | None
    refused: bool


class WatchedAccount(Protocol):
    """What of an account decides how it is judged: a row of ``account``."""

    created: datetime
    paused: bool
    interval_seconds: int


def account_state(poll: PollFacts | None, account: WatchedAccount, now: datetime) -> Judged:
    """The state at ``now`` and since when it holds, where that is known.

    In order: PAUSED by a person; AUTH, credentials refused; DEAD, no attempt for three intervals (one that was put off
    counts as missing an interval after it was due, or an hour after the last; ``since`` is the last attempt, or the
    account's beginning); NEW, no poll has told us anything yet; FAILING, two polls in a row failed; QUIET, answered but
    nothing new for six hours; LIVE. A single failure changes nothing: the state before it stands.
    """
    if account.paused:
        return AccountState.PAUSED, None
    if poll is not None and poll.refused:
        return AccountState.AUTH, poll.failing_since
    asked = poll.last_attempt if poll is not None else None
    if now >= _given_up(poll, account):
        return AccountState.DEAD, asked or account.created
    if poll is not None and poll.failures >= FAILING_AFTER:
        return AccountState.FAILING, poll.failing_since
    if poll is None or poll.last_success is None:
        return AccountState.NEW, account.created
    quiet_from = (poll.last_new or account.created) + QUIET_AFTER
    return (AccountState.QUIET, quiet_from) if now >= quiet_from else (AccountState.LIVE, None)


def _given_up(poll: PollFacts | None, account: WatchedAccount) -> datetime:
    """From when on the account counts as not asked at all, unless an attempt comes."""
    interval = timedelta(seconds=account.interval_seconds)
    if poll is None or poll.last_attempt is None:
        return account.created + INTERVALS * interval
    patience = poll.last_attempt + INTERVALS * interval
    if poll.next_attempt is None:
        return patience
    return max(patience, min(poll.next_attempt + interval, poll.last_attempt + LONGEST_PUT_OFF))
