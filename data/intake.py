"""A fetched page becomes messages, conversations, turns, sums and one audit event, in one transaction.

The same post twice is one message; late posts, edits and deletions end in the same rows whatever their order. The cursor
moves in the same transaction: what was stored and where reading goes on can never disagree.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from data.audit import Change, change
from data.database import Database
from data.page import AccountFacts, Counts, FetchedPage
from data.reading import note_success
from data.reads import note_reads
from data.triage import by_time
from data.writing import facts, write_page
from models.audit import POLLER, Actor
from models.posts import Batch

__all__ = ["AccountFacts", "Counts", "store", "take"]


def take(
    database: Database,
    account: AccountFacts,
    batch: Batch,
    fetched: datetime,
    clock: Callable[[], datetime],
    *,
    sent_by: Mapping[str, int] | None = None,
    lag: timedelta | None = None,
    polled: bool = True,
    actor: Actor = POLLER,
) -> Counts:
    """Store one fetched page and move the account's cursor. May run again with the same page: nothing doubles.

    ``fetched`` is when the network answered. ``sent_by`` names the user of those of our own posts (network id) that we
    sent ourselves; every other outbound post by a person counts as answered outside Watchroom. ``lag`` is for history made up
    for the demonstration: each post was stored so long after it was sent. ``polled`` False leaves the account's cursor alone.
    """
    at = clock()
    with change(database, account.workspace_id, actor, at) as under_way:
        page = store(under_way, account, batch, fetched, sent_by=sent_by, lag=lag)
        if polled:
            note_success(under_way.db, account.workspace_id, account.id, batch, page.counts.stored, at)
            note_reads(under_way.db, account.workspace_id, account.id, batch)
        if page.counts.changed:
            under_way.state("intake.page", "account", account.id, after=facts(page))
    return page.counts


def store(
    under_way: Change,
    account: AccountFacts,
    batch: Batch,
    fetched: datetime,
    *,
    sent_by: Mapping[str, int] | None = None,
    lag: timedelta | None = None,
) -> FetchedPage:
    """Write everything that a page holds, in the caller's change; what its event should say of it is ``facts(page)``."""
    page = FetchedPage(under_way, account, fetched, sent_by or {})
    likely, odd = by_time(batch.posts, fetched)
    page.read(likely)
    page.reject([*odd, *batch.unreadable])
    write_page(page, under_way.at, lag)
    return page
