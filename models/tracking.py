"""Tracked links: short links of our own for our posts, and how often they were followed, by day and kind of place.

Nothing of whoever follows one is kept: no address, no browser, no time of day.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Key, Owned, owned
from models.problems import BadValue
from models.webhooks import https_host

LONGEST_NAME = 80
CODE_BYTES = 5
MOST = 1_000
"""Links of one workspace."""


class Referrer(StrEnum):
    """From what kind of place somebody came."""

    NETWORK = "network"
    SEARCH = "search"
    OTHER = "other"
    UNKNOWN = "unknown"


_NETWORKS = frozenset(
    (
        *(
            "t.co",
            "x.com",
            "twitter.com",
            "facebook.com",
            "fb.me",
            "instagram.com",
            "threads.net",
            "bsky.app",
            "tiktok.com",
        ),
        *("nextdoor.co.uk", "nextdoor.com", "linkedin.com", "lnkd.in", "youtube.com", "reddit.com", "mastodon.social"),
    )
)
_SEARCH = frozenset(
    ("google.com", "google.co.uk", "bing.com", "duckduckgo.com", "ecosia.org", "yahoo.com", "yandex.com", "qwant.com")
)
_ROBOTS = (
    *("bot", "crawl", "spider", "slurp", "preview", "externalhit", "embed", "curl", "wget", "python", "httpclient"),
    *("headless", "monitor", "scan", "whatsapp", "telegram", "mastodon", "go-http", "java/", "okhttp"),
)


class TrackedLink(Owned, Audited, Base, kw_only=True):
    """A short link: ``/l/<code>`` leads to ``target``, which never changes, until it is turned ``off``."""

    __tablename__ = "tracked_link"
    __table_args__ = (*owned(), UniqueConstraint("code"))

    code: Mapped[str]
    name: Mapped[str]
    target: Mapped[str]
    created: Mapped[datetime]
    off: Mapped[datetime | None] = mapped_column(default=None)


class LinkClick(Base, kw_only=True):
    """How often a link was followed on a local day (``2026-11-25``) from one kind of place."""

    __tablename__ = "link_click"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "link_id"], ["tracked_link.workspace_id", "tracked_link.id"]),
    )

    workspace_id: Mapped[int] = mapped_column(Key, primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(Key, primary_key=True)
    referrer: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


def check_link(name: str, target: str) -> tuple[str, str]:
    """The name and the target without outer blanks. Raises ``BadValue``."""
    kept, where = " ".join(name.split()), target.strip()
    if not kept or len(kept) > LONGEST_NAME or not kept.isprintable():
        raise BadValue("name", f"say what the link is for, in at most {LONGEST_NAME} characters")
    https_host(where)
    return kept, where


def referrer_of(said: str) -> Referrer:
    """The kind of place that a ``Referer`` header names."""
    try:
        host = (urlsplit(said).hostname or "").lower() if said.isascii() else ""
    except ValueError:
        return Referrer.UNKNOWN
    if not host:
        return Referrer.UNKNOWN
    ends = {host.split(".", number)[number] for number in range(host.count(".") + 1)}
    if ends & _NETWORKS:
        return Referrer.NETWORK
    return Referrer.SEARCH if ends & _SEARCH else Referrer.OTHER


def is_person(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a person seems to follow the link: no ``HEAD``, no fetching ahead, no program that says it is one."""
    agent = headers.get("User-Agent", "").lower()
    ahead = f"{headers.get('Purpose', '')} {headers.get('Sec-Purpose', '')} {headers.get('X-Moz', '')}".lower()
    return (
        method == "GET"
        and "prefetch" not in ahead
        and "preview" not in ahead
        and "mozilla" in agent
        and not any(one in agent for one in _ROBOTS)
    )
