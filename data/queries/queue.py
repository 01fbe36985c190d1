"""The queue: one page of conversations, most urgent first, and how many each view and account holds.

A conversation needs an answer while it is open and its contact waits. It waits for the contact while its episode goes on
(METRICS.md: 24 hours, or the workspace's own gap, after our last reply); afterwards it stands in no view, though nobody
closed it, so that views do not fill up with years of answered conversations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.practice import Practice
from data.queries.claiming import LAPSED, OFFER
from data.queries.heading import heading
from data.queries.holding import (
    CLOSED,
    DUE,
    HOLDS,
    HOME,
    IS_SOON,
    MINE,
    NEEDS,
    PARTNER,
    REPLIES,
    SNOOZED,
    WAITING,
    asked_of,
    parts,
)
from data.queries.members import IS_KNOWN_OTHERWISE, IS_MERGED, MEMBER, incident_counts
from data.queries.narrowing import Names, narrowed
from data.queries.repeat import times_in_touch
from data.queries.search import excerpts, look
from data.queries.views import saved_views
from models.claims import Hold
from models.conversation import Contact, Conversation
from models.filters import VIEWS
from models.incidents import Incident, IncidentConversation
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Kind
from models.search import sought
from models.snapshots import AccountCount, Queue, QueueFilters, QueueRow, ViewCount
from models.workspace import Account, Team

PAGE = 50
MOST_LOOKED_UP = 200
"""Rows looked up by their ids at once: more than any page shows."""

_NEEDING = (
    select(
        Conversation.account_id,
        func.count().label("needs"),
        func.count().filter(Conversation.holder_id.is_(None)).label("nobody"),
        func.count().filter(IS_SOON).label("soon"),
    )
    .where(HOME, NEEDS)
    .group_by(Conversation.account_id)
)


def _count(condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(Conversation).where(HOME, condition).scalar_subquery()


_OTHERS = select(
    _count(MINE).label("mine"),
    _count(WAITING).label("waiting"),
    _count(PARTNER).label("partner"),
    _count(SNOOZED).label("snoozed"),
    _count(CLOSED).label("closed"),
    *(_count(holds).label(f"assigned_{number}") for number, holds in enumerate(HOLDS["assigned"])),
    _count(REPLIES).label("replies"),
)
_ACCOUNTS = (
    select(Account.id, Account.channel, Account.handle)
    .where(Account.workspace_id == bindparam("home"))
    .order_by(Account.channel, Account.handle, Account.id)
)
_ASSIGNED, _FORMER = aliased(User), aliased(User)
_ROWS = (
    select(
        Conversation.id,
        Conversation.rank,
        Conversation.contact_id,
        Conversation.kind,
        Conversation.first_line,
        Conversation.since,
        Conversation.due,
        Conversation.holder_id,
        Conversation.flags,
        Conversation.raised,
        Conversation.language,
        Conversation.media,
        Conversation.state,
        Conversation.reassess.label("again"),
        Conversation.partner,
        Conversation.snoozed_until,
        Contact.name,
        Contact.handle,
        Account.channel,
        Account.handle.label("account"),
        User.name.label("holder"),
        func.coalesce(_ASSIGNED.name, Team.name).label("assigned"),
        _FORMER.name.label("lapsed"),
        OFFER.label("offered"),
        Incident.name.label("incident"),
        IS_MERGED.label("merged"),
        IS_KNOWN_OTHERWISE.label("known_otherwise"),
    )
    .join(Contact, Contact.id == Conversation.contact_id)
    .join(Account, Account.id == Conversation.account_id)
    .outerjoin(User, User.id == Conversation.holder_id)
    .outerjoin(_ASSIGNED, _ASSIGNED.id == Conversation.assigned_id)
    .outerjoin(Team, Team.id == Conversation.team_id)
    .outerjoin(Hold, LAPSED)
    .outerjoin(_FORMER, _FORMER.id == Hold.user_id)
    .outerjoin(IncidentConversation, MEMBER)
    .outerjoin(Incident, (Incident.id == IncidentConversation.incident_id) & Incident.closed.is_(None))
    .where(HOME)
)
_BY_KEY = _ROWS.where(Conversation.id.in_(bindparam("ids", expanding=True)))


def queue(database: Database, scope: Scope, filters: QueueFilters, now: datetime) -> Queue:
    """One page, ordered by grade, then due time, then id. A page beyond the last one is the last one.

    Counts of views are of the whole view, whatever the filters; those of accounts are what needs an answer there. Raises
    ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        ours = db.connection().execute(_ACCOUNTS, {"home": scope.workspace_id}).all()
        asked = asked_of(head.ways, scope, now)
        counts, by_account = _counts(db, asked)
        within = narrowed(head.ways, scope, filters, ours, now)
        listed = _searched if filters.words.strip() else _listed
        part = listed(db, Asking(head.ways, scope, filters, now), asked, within, counts)
        return Queue(
            workspace=head.ways.mark,
            as_at=now,
            revision=head.revision,
            filters=part.filters,
            rows=part.rows,
            total=part.total,
            pages=_pages(part.total),
            looked_at=part.looked_at,
            incidents=incident_counts(db, or_(*HOLDS["open"]), asked),
            saved=saved_views(db, head, scope, ours, now),
            views=tuple(ViewCount(key, label, counts[key]) for key, label in VIEWS),
            accounts=tuple(AccountCount(one.id, one.handle, one.channel, by_account.get(one.id, 0)) for one in ours),
            grades=head.ways.grades,
            channels=tuple(sorted({one.channel for one in ours})),
        )


def rows_of(database: Database, scope: Scope, ids: Iterable[int], now: datetime) -> dict[int, QueueRow]:
    """The rows of these conversations, whatever view they are in now; those of other workspaces are not there.

    Of very many only the first ``MOST_LOOKED_UP`` are looked up. Raises ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.READ)
    wanted = sorted(set(ids))[:MOST_LOOKED_UP]
    if not wanted:
        return {}
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        found = db.connection().execute(_BY_KEY, {"home": scope.workspace_id, "ids": wanted}).all()
        return {row.id: row for row in _rows(db, Asking(head.ways, scope, QueueFilters(), now), found)}


def _counts(db: Session, asked: dict[str, Any]) -> tuple[dict[str, int], dict[int, int]]:
    needing = db.connection().execute(_NEEDING, asked).all()
    others = db.connection().execute(_OTHERS, asked).one()
    counts = {name: sum(getattr(row, name) for row in needing) for name in ("needs", "nobody", "soon")}
    counts |= {name: getattr(others, name) for name in ("mine", "waiting", "partner", "snoozed", "closed", "replies")}
    counts["assigned"] = sum(getattr(others, f"assigned_{number}") for number in range(len(HOLDS["assigned"])))
    counts["open"] = sum(counts[name] for name in ("needs", "partner", "snoozed", "waiting"))
    return counts, {row.account_id: row.needs for row in needing}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what, and how the workspace works."""

    ways: Practice
    scope: Scope
    filters: QueueFilters
    now: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the list, with the filters as they took effect and the length of the whole."""

    filters: QueueFilters
    rows: tuple[QueueRow, ...]
    total: int
    looked_at: int | None = None


def _pages(total: int) -> int:
    return max(-(-total // PAGE), 1)


def _listed(db: Session, asking: Asking, asked: dict[str, Any], within: dict[str, Any], counts: dict[str, int]) -> Part:
    """A view, narrowed."""
    filters, names = asking.filters, tuple(sorted(within))
    total = db.connection().scalar(_total(filters.view, names), asked | within) if within else counts[filters.view]
    shown = replace(filters, page=min(filters.page, _pages(total or 0)))
    values = asked | within | {"skip": (shown.page - 1) * PAGE}
    found = db.connection().execute(_page(filters.view, names), values).all()
    return Part(shown, tuple(_rows(db, asking, found)), total or 0)


def _searched(
    db: Session, asking: Asking, asked: dict[str, Any], within: dict[str, Any], _counts: dict[str, int]
) -> Part:
    """What holds the words, the newest first, in whatever view it is."""
    words = sought(asking.filters.words)
    hits = look(db, asking.scope.workspace_id, words, within)
    shown = replace(asking.filters, page=min(asking.filters.page, _pages(len(hits.found))))
    page = hits.found[(shown.page - 1) * PAGE :][:PAGE]
    why = excerpts(db, words, page)
    found = db.connection().execute(_BY_KEY, asked | {"ids": [hit.conversation_id for hit in page]}).all()
    rows = {row.id: replace(row, found=why[row.id]) for row in _rows(db, asking, found)}
    return Part(shown, tuple(rows[hit.conversation_id] for hit in page), len(hits.found), hits.looked_at)


@cache
def _total(view: str, names: Names) -> Select[Any]:
    return select(func.count()).select_from(union_all(*parts(view, names, Conversation.id)).subquery())


@cache
def _page(view: str, names: Names) -> Select[Any]:
    """The page's keys through the index first, the rest only for those."""
    some = parts(view, names, Conversation.id, Conversation.rank, Conversation.due)
    found = (union_all(*some) if len(some) > 1 else some[0]).subquery()
    order = [found.c.rank, *([] if view in DUE else [found.c.due.is_(None)]), found.c.due, found.c.id]
    keys = select(found.c.id).order_by(*order).limit(PAGE).offset(bindparam("skip"))
    return _ROWS.where(Conversation.id.in_(keys)).order_by(
        Conversation.rank, Conversation.due.is_(None), Conversation.due, Conversation.id
    )


def _rows(db: Session, asking: Asking, found: Sequence[Any]) -> list[QueueRow]:
    ways, scope = asking.ways, asking.scope
    asked, merged = [row.contact_id for row in found], [row.contact_id for row in found if row.known_otherwise]
    contacts = times_in_touch(db, scope.workspace_id, asked, asking.now, merged)
    return [
        QueueRow(
            id=row.id,
            grade=ways.grade(row.rank),
            channel=row.channel,
            account=row.account,
            kind=Kind(row.kind),
            contact=row.name or row.handle,
            first_line=row.first_line,
            since=row.since,
            due=row.due,
            holder=row.holder,
            mine=row.holder_id is not None and row.holder_id == scope.user_id,
            flags=tuple(dict.fromkeys((*(row.raised or ()), *(row.flags or ())))),
            language=row.language,
            media=row.media,
            contacts=contacts.get(row.contact_id, 0),
            incident=row.incident,
            merged=row.merged,
            state=row.state,
            again=row.again if row.since is not None else None,
            partner=row.partner,
            snoozed_until=row.snoozed_until,
            assigned=row.assigned,
            lapsed=row.lapsed,
            offered=row.offered,
        )
        for row in found
    ]
