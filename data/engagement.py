"""How our own posts fare: asked of each network often while a post is young and rarely when it is old.

No transaction is open while the network answers. Readings are only ever added (METRICS.md, Engagement rate). What a
network gives nothing of is read all the same, so that it is not asked again before its time.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import and_, func, select

from data.channels.contract import ChannelFailure, Connector, WrongSetting
from data.clock import Clock
from data.connectors import Connectors
from data.credentials import CredentialsBox
from data.database import Database
from data.polling import Chore
from data.polls import Followed, followed
from data.reading import poll_of
from models.conversation import Message
from models.engagement import FIGURES, FOLLOWED, PostFigures, due
from models.pacing import month_of
from models.posts import Direction, Engagement, Kind
from models.problems import CredentialsLocked
from models.workspace import AccountPoll

EVERY = timedelta(minutes=5)
MOST = 100
"""Posts that one question is about: as many as X takes."""
SHARE_OF_BUDGET = 0.8
"""Beyond this share of the month's reads only what the public writes is read: listening goes before counting."""

log = structlog.get_logger()


def chores(database: Database, clock: Clock, box: CredentialsBox) -> list[Chore]:
    """What the elected process does for engagement."""
    return [("engagement", EVERY, partial(_read, database, Connectors(box, clock).of, clock))]


def _read(database: Database, connect: Callable[[Followed], Connector], clock: Clock) -> None:
    read_all(database, connect, clock)


def read_all(database: Database, connect: Callable[[Followed], Connector], clock: Clock) -> int:
    """Ask every account that is followed; returns how many readings were added. One that fails waits for the next time."""
    added = 0
    for account in followed(database):
        try:
            added += read_account(database, account, connect, clock)
        except (ChannelFailure, WrongSetting, CredentialsLocked, LookupError) as failure:
            log.warning("engagement not read", account=account.id, problem=type(failure).__name__)
    return added


def read_account(database: Database, account: Followed, connect: Callable[[Followed], Connector], clock: Clock) -> int:
    """Ask once about the posts that are due, the newest first; returns how many readings were added.

    Raises what the connector raises; nothing is stored then. A connector that gives nothing of any post is taken at its
    word: no reading is added.
    """
    posts = due_posts(database, account, clock())
    if not posts:
        return 0
    told = connect(account).engagement(list(posts))
    if told:
        _store(database, account, posts, told, clock())
    return len(posts) if told else 0


def due_posts(database: Database, account: Followed, now: datetime) -> dict[str, int]:
    """Our public posts that are to be read now, by network id: at most ``MOST``, and no more than the budget allows."""
    latest = func.max(PostFigures.taken).label("latest")
    statement = (
        select(Message.network_id, Message.id, Message.sent, latest)
        .outerjoin(
            PostFigures,
            and_(PostFigures.workspace_id == Message.workspace_id, PostFigures.message_id == Message.id),
        )
        .where(
            Message.workspace_id == account.workspace_id,
            Message.account_id == account.id,
            Message.direction == Direction.OUT,
            Message.kind == Kind.PUBLIC,
            Message.sent > now - FOLLOWED,
            Message.deleted.is_(None),
        )
        .group_by(Message.network_id, Message.id, Message.sent)
        .order_by(Message.sent.desc())
    )
    with database.read() as db:
        room = _room(db.get(AccountPoll, (account.workspace_id, account.id)), account.budget, now)
        rows = list(db.execute(statement)) if room else []
    found = [(network_id, key) for network_id, key, sent, taken in rows if due(sent, taken, now)]
    return dict(found[: min(MOST, room)])


def _room(standing: AccountPoll | None, budget: int | None, now: datetime) -> int:
    """How many reads of the month are left to counting."""
    if budget is None:
        return MOST
    used = standing.reads if standing is not None and standing.month == month_of(now) else 0
    return max(int(budget * SHARE_OF_BUDGET) - used, 0)


def _store(
    database: Database, account: Followed, posts: Mapping[str, int], told: Mapping[str, Engagement], now: datetime
) -> None:
    with database.write() as db:
        for network_id, key in posts.items():
            given = told[network_id].figures if network_id in told else {}
            figures = {name: given.get(name) for name in FIGURES}
            db.add(
                PostFigures(
                    workspace_id=account.workspace_id, account_id=account.id, message_id=key, taken=now, **figures
                )
            )
        standing = poll_of(db, account.workspace_id, account.id)
        fresh = standing.month != month_of(now)
        standing.month, standing.reads = month_of(now), len(posts) + (0 if fresh else standing.reads)
