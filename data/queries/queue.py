"""The queue: one page of conversations, most urgent first, and how many each view and account holds.

A conversation needs an answer while it is open and its contact waits. It waits for the contact while its episode goes on
(METRICS.md: 24 hours, or the workspace's own gap, after our last reply); afterwards it stands in no view, though nobody
closed it, so that views do not fill up with years of answered conversations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import Practice
from data.queries.heading import heading
from data.queries.members import IS_KNOWN_OTHERWISE, IS_MERGED, MEMBER, incident_counts
from data.queries.narrowing import Names, conditions, narrowed
from data.queries.repeat import times_in_touch
from data.queries.search import excerpts, look
from data.rollups import day_bounds, local_day
from models.conversation import Contact, Conversation, State
from models.filters import VIEWS
from models.incidents import Incident, IncidentConversation
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Kind
from models.search import sought
from models.snapshots import AccountCount, Choices, Queue, QueueFilters, QueueRow, ViewCount
from models.workspace import Account

PAGE = 50
SOON = timedelta(minutes=15)
DUE = frozenset({"needs", "nobody", "soon"})
"""Views in which every conversation has a due time."""
MOST_LOOKED_UP = 200
"""Rows looked up by their ids at once: more than any page shows."""

_HOME = Conversation.workspace_id == bindparam("home")
_NEEDS = and_(Conversation.since.is_not(None), Conversation.state == State.OPEN)
_SOON = Conversation.due <= bindparam("soon")
_WAITING = and_(
    Conversation.state == State.WAITING,
    Conversation.last_at >= bindparam("edge"),
    Conversation.last_reply >= bindparam("edge"),
)
_SET_ASIDE = Conversation.state.in_([State.PARTNER, State.SNOOZED])
_MINE = and_(Conversation.holder_id == bindparam("me"), Conversation.state != State.CLOSED)
_CLOSED = and_(Conversation.state == State.CLOSED, Conversation.last_at >= bindparam("today"))

_HOLDS: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    "needs": (_NEEDS,),
    "mine": (_MINE,),
    "nobody": (and_(_NEEDS, Conversation.holder_id.is_(None)),),
    "soon": (and_(_NEEDS, _SOON),),
    "waiting": (_WAITING,),
    "open": (_NEEDS, _SET_ASIDE, _WAITING),
    "closed": (_CLOSED,),
}
"""What each view holds: conditions of which at most one is true, so that each finds its own index."""

_NEEDING = (
    select(
        Conversation.account_id,
        func.count().label("needs"),
        func.count().filter(Conversation.holder_id.is_(None)).label("nobody"),
        func.count().filter(_SOON).label("soon"),
    )
    .where(_HOME, _NEEDS)
    .group_by(Conversation.account_id)
)


def _count(condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(Conversation).where(_HOME, condition).scalar_subquery()


_OTHERS = select(
    _count(_MINE).label("mine"),
    _count(_WAITING).label("waiting"),
    _count(_SET_ASIDE).label("aside"),
    _count(_CLOSED).label("closed"),
)
_ACCOUNTS = (
    select(Account.id, Account.channel, Account.handle)
    .where(Account.workspace_id == bindparam("home"))
    .order_by(Account.channel, Account.handle, Account.id)
)
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
        Contact.name,
        Contact.handle,
        Account.channel,
        Account.handle.label("account"),
        User.name.label("holder"),
        Incident.name.label("incident"),
        IS_MERGED.label("merged"),
        IS_KNOWN_OTHERWISE.label("known_otherwise"),
    )
    .join(Contact, Contact.id == Conversation.contact_id)
    .join(Account, Account.id == Conversation.account_id)
    .outerjoin(User, User.id == Conversation.holder_id)
    .outerjoin(IncidentConversation, MEMBER)
    .outerjoin(Incident, (Incident.id == IncidentConversation.incident_id) & Incident.closed.is_(None))
    .where(_HOME)
)
_BY_KEY = _ROWS.where(Conversation.id.in_(bindparam("ids", expanding=True)))
_HELD = select(Conversation.holder_id).where(_HOME, Conversation.holder_id.is_not(None))
_HOLDERS = select(User.id, User.name).where(User.id.in_(_HELD)).order_by(User.name, User.id)


def queue(database: Database, scope: Scope, filters: QueueFilters, now: datetime) -> Queue:
    """One page, ordered by grade, then due time, then id. A page beyond the last one is the last one.

    Counts of views are of the whole view, whatever the filters; those of accounts are what needs an answer there. Raises
    ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        ours = db.connection().execute(_ACCOUNTS, {"home": scope.workspace_id}).all()
        asked = _asked(head.ways, scope, now)
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
            choices=_choices(db, head.ways, scope),
            incidents=incident_counts(db, or_(*_HOLDS["open"]), asked),
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


def _asked(ways: Practice, scope: Scope, now: datetime) -> dict[str, Any]:
    """What the conditions of the views compare with."""
    return {
        "home": scope.workspace_id,
        "me": scope.user_id or 0,
        "soon": now + SOON,
        "edge": now - ways.gap,
        "today": day_bounds(local_day(now, ways.zone), ways.zone)[0],
    }


def _counts(db: Session, asked: dict[str, Any]) -> tuple[dict[str, int], dict[int, int]]:
    needing = db.connection().execute(_NEEDING, asked).all()
    others = db.connection().execute(_OTHERS, asked).one()
    counts = {name: sum(getattr(row, name) for row in needing) for name in ("needs", "nobody", "soon")}
    counts |= {"mine": others.mine, "waiting": others.waiting, "closed": others.closed}
    counts["open"] = counts["needs"] + others.aside + others.waiting
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


def _parts(view: str, names: Names, *columns: Any) -> list[Select[Any]]:
    """A select for each condition of a view, with the filters."""
    return [select(*columns).where(_HOME, holds, *conditions(names)) for holds in _HOLDS[view]]


@cache
def _total(view: str, names: Names) -> Select[Any]:
    return select(func.count()).select_from(union_all(*_parts(view, names, Conversation.id)).subquery())


@cache
def _page(view: str, names: Names) -> Select[Any]:
    """The page's keys through the index first, the rest only for those."""
    parts = _parts(view, names, Conversation.id, Conversation.rank, Conversation.due)
    found = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    order = [found.c.rank, *([] if view in DUE else [found.c.due.is_(None)]), found.c.due, found.c.id]
    keys = select(found.c.id).order_by(*order).limit(PAGE).offset(bindparam("skip"))
    return _ROWS.where(Conversation.id.in_(keys)).order_by(
        Conversation.rank, Conversation.due.is_(None), Conversation.due, Conversation.id
    )


def _choices(db: Session, ways: Practice, scope: Scope) -> Choices:
    """What the filters offer. Of colleagues those who hold something."""
    holders = db.connection().execute(_HOLDERS, {"home": scope.workspace_id}).all()
    flags = {flag for rule in ways.rules.rules for flag in rule.actions.flags}
    return Choices(
        holders=tuple((str(row.id), row.name) for row in holders if row.id != scope.user_id),
        teams=tuple((str(key), name) for name, key in sorted(ways.teams.items())),
        topics=tuple((str(key), word) for word, key in sorted(ways.topics.items())),
        flags=tuple(sorted(flags)),
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
        )
        for row in found
    ]
