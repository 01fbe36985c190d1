"""How our own posts fared: cumulative counts as a network gave them at one instant, never overwritten.

Source: METRICS.md, Engagement rate. A count may fall, so what a period brought is the sum of the differences between
readings, never a sum of counts; what a network does not give is None, never 0.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, within

FIGURES = (
    "impressions",
    "likes",
    "replies",
    "reposts",
    "quotes",
    "bookmarks",
    "link_clicks",
    "profile_clicks",
    "video_views",
    "video_completed",
)
"""Everything that a reading may hold, by its column."""
ENGAGEMENTS = ("likes", "replies", "reposts", "quotes", "bookmarks")
"""What people did with a post itself. Link clicks and views are told apart (METRICS.md)."""

PACES = (
    (timedelta(hours=2), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
)
"""Up to which age a post is read how often: it moves most while it is young."""
FOLLOWED = PACES[-1][0]
"""A post older than this is read no more: networks stop giving its private figures."""

_TAG = re.compile(r"(?<![\w&/])#(\w*[^\W\d_]\w*)")

Reading = tuple[datetime, Mapping[str, int | None]]
"""When a post was read, and what the network gave."""


class PostFigures(Owned, Base, kw_only=True):
    """One reading of one of our posts."""

    __tablename__ = "post_figures"
    __table_args__ = (
        within("account", "account_id"),
        within("message", "message_id"),
        Index("ix_post_figures_message", "workspace_id", "message_id", "taken"),
        Index("ix_post_figures_taken", "workspace_id", "taken"),
    )

    account_id: Mapped[int]
    message_id: Mapped[int]
    taken: Mapped[datetime]
    impressions: Mapped[int | None] = mapped_column(default=None)
    likes: Mapped[int | None] = mapped_column(default=None)
    replies: Mapped[int | None] = mapped_column(default=None)
    reposts: Mapped[int | None] = mapped_column(default=None)
    quotes: Mapped[int | None] = mapped_column(default=None)
    bookmarks: Mapped[int | None] = mapped_column(default=None)
    link_clicks: Mapped[int | None] = mapped_column(default=None)
    profile_clicks: Mapped[int | None] = mapped_column(default=None)
    video_views: Mapped[int | None] = mapped_column(default=None)
    video_completed: Mapped[int | None] = mapped_column(default=None)


def due(sent: datetime, taken: datetime | None, now: datetime) -> bool:
    """Whether a post sent then, and last read then, is to be read again."""
    age = now - sent
    for until, pace in PACES:
        if age < until:
            return taken is None or now - taken >= pace
    return False


def gains(sent: datetime, begins: datetime, readings: Iterable[Reading]) -> list[tuple[datetime, dict[str, int]]]:
    """What each reading added to the one before it, by figure; only figures that both hold.

    ``readings`` are in order; those before ``begins`` only say where counting starts. A post sent since ``begins`` starts
    at nothing; an older one that was not read before then starts at its first reading.
    """
    before: dict[str, int] = dict.fromkeys(FIGURES, 0) if sent >= begins else {}
    found = []
    for taken, figures in readings:
        given = {name: count for name, count in figures.items() if count is not None}
        if taken >= begins:
            found.append((taken, {name: count - before[name] for name, count in given.items() if name in before}))
        before |= given
    return found


def tags(text: str) -> tuple[str, ...]:
    """The campaign tags of a post in lower case, each once, in order: words after ``#`` that hold a letter."""
    return tuple(dict.fromkeys(word.casefold() for word in _TAG.findall(text)))
