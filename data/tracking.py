"""Tracked links: made and turned off by administrators, followed by anybody, counted by day and kind of place."""

import secrets
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from data.audit import actor_of, change
from data.database import Database
from data.upserts import upsert
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound, NotSaved
from models.tracking import CODE_BYTES, MOST, LinkClick, Referrer, TrackedLink, check_link
from models.workspace import Workspace

APART = timedelta(minutes=1)
"""The same browser at the same address counts once in it."""
REMEMBERED = 20_000


@dataclass
class Followers:
    """Who followed which link within the last minute, in memory only: it bounds what one browser can make us write."""

    _seen: "OrderedDict[tuple[int, str], datetime]" = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def is_new(self, link_id: int, who: str, at: datetime) -> bool:
        """Whether this one counts. Safe to share between threads; forgets at a restart."""
        key = (link_id, who)
        with self._guard:
            before = self._seen.get(key)
            if before is not None and abs(at - before) < APART:
                return False
            self._seen[key] = at
            self._seen.move_to_end(key)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return True


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a link leads; ``off``: it leads nowhere any more."""

    id: int
    workspace_id: int
    target: str
    off: bool


def add_link(database: Database, scope: Scope, name: str, target: str, at: datetime) -> str:
    """One more short link; returns its code. Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    kept, where = check_link(name, target)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        here = select(func.count()).select_from(TrackedLink).where(TrackedLink.workspace_id == scope.workspace_id)
        if (c.db.scalar(here) or 0) >= MOST:
            raise BadValue("link", f"there are {MOST:,} already")
        code = secrets.token_hex(CODE_BYTES)
        row = TrackedLink(
            workspace_id=scope.workspace_id, audit_id=c.audit_id, code=code, name=kept, target=where, created=at
        )
        c.db.add(row)
        c.db.flush()
        c.state("create", "tracked link", row.id, after={"code": code, "target": where})
    return code


def set_link_off(database: Database, scope: Scope, link_id: int, off: bool, at: datetime) -> None:
    """It leads nowhere, or to its target again. Raises ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get(TrackedLink, link_id)
        if row is None or row.workspace_id != scope.workspace_id:
            raise NotFound
        if (row.off is not None) != off:
            row.off = at if off else None
            c.state("disable" if off else "enable", "tracked link", link_id)


def follow(database: Database, code: str) -> Followed:
    """The link of a code. Raises ``NotFound``, also for what no code could be and no database keeps."""
    if not (code.isascii() and code.isalnum()):
        raise NotFound
    with database.read() as db:
        row = db.scalar(select(TrackedLink).where(TrackedLink.code == code))
        if row is None:
            raise NotFound
        return Followed(row.id, row.workspace_id, row.target, row.off is not None)


def count_click(database: Database, link: Followed, referrer: Referrer, at: datetime) -> None:
    """Count one, on the workspace's local day. Where nothing can be stored, whoever follows the link still gets there."""
    with suppress(NotSaved), database.write() as db:
        zone = ZoneInfo(db.get_one(Workspace, link.workspace_id).zone)
        place = {"workspace_id": link.workspace_id, "day": f"{at.astimezone(zone):%Y-%m-%d}", "link_id": link.id}
        upsert(db.connection(), LinkClick, [place | {"referrer": str(referrer), "count": 1}], sum_up="count")
