"""How the demonstration's own posts fared: invented readings, because a file does not know how its posts did."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from data.database import Database
from models.conversation import Message
from models.engagement import FOLLOWED, PostFigures
from models.posts import Direction, Kind
from models.workspace import Account

AGES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))
"""When a post is read."""
SHARES = {"likes": 30, "replies": 9, "reposts": 12, "quotes": 3, "bookmarks": 2, "link_clicks": 22, "profile_clicks": 6}
"""Of a thousand impressions, about how many lead to what. Only X is said to give the last two."""
BROADCAST, REPLY = 9_000, 350
"""About how many see a post of each sort in a week."""


def begin_engagement(database: Database, now: datetime) -> int:
    """Read every public post of ours that has not been read; returns how many readings were made up."""
    unread = ~exists().where(PostFigures.workspace_id == Message.workspace_id, PostFigures.message_id == Message.id)
    statement = (
        select(Message, Account.channel)
        .join(Account, Account.id == Message.account_id)
        .where(
            Message.direction == Direction.OUT,
            Message.kind == Kind.PUBLIC,
            Message.sent > now - FOLLOWED,
            Message.sent < now - AGES[0],
            unread,
        )
    )
    with database.write() as db:
        made = [reading for row, channel in db.execute(statement) for reading in _readings(row, channel, now)]
        db.add_all(made)
    return len(made)


def _readings(post: Message, channel: str, now: datetime) -> list[PostFigures]:
    return [
        PostFigures(
            workspace_id=post.workspace_id,
            account_id=post.account_id,
            message_id=post.id,
            taken=post.sent + age,
            **_counts(post, channel, place),
        )
        for place, age in enumerate(AGES, 1)
        if post.sent + age <= now
    ]


def _counts(post: Message, channel: str, place: int) -> dict[str, int]:
    """The counts at one reading: the same for the same post, and growing ever more slowly."""
    luck = hashlib.blake2b(post.network_id.encode(), digest_size=16).digest()
    reach = (BROADCAST if post.conversation_id is None else REPLY) * (0.5 + luck[0] / 255)
    impressions = int(reach * (1 - 0.45**place))
    counts = {
        name: impressions * share * (64 + luck[place]) // 160_000
        for place, (name, share) in enumerate(SHARES.items(), 1)
    }
    if channel != "x":
        counts = {
            name: count for name, count in counts.items() if name not in ("link_clicks", "profile_clicks", "quotes")
        }
    return {"impressions": impressions, **counts}
