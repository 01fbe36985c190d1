"""Disposal: what is due under the rules is put on a list, a person approves or defers it, and what goes goes as by erasure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from data.administration import workspace_keys
from data.audit import Change, actor_of, change
from data.clock import Clock
from data.database import Database
from data.erasing import Erased, counts_of, erase_found, held_in
from data.legal_holds import held_things
from data.polling import Chore
from data.retention import due_under
from models.audit import Actor
from models.conversation import Contact, Conversation
from models.erased import HIDDEN
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.retention import LONGEST_DEFERRAL, MOST_AT_ONCE, Disposal, DisposalState, reason_of

WATCHROOM = Actor("watchroom")
EVERY = timedelta(hours=6)
MOST_PROPOSED = 2_000
"""Conversations put on a workspace's list in one round."""


def chores(database: Database, clock: Clock) -> list[Chore]:
    """What the elected process does."""
    return [("disposal list", EVERY, partial(look, database, clock))]


def look(database: Database, clock: Clock) -> None:
    """One round: the lists of all workspaces. Nothing goes by it."""
    with database.read() as db:
        homes = workspace_keys(db)
    for home in homes:
        propose(database, home, clock())


def propose(database: Database, home: int, at: datetime) -> int:
    """Put what has become due on the list, and take off what is due no more; returns how many are new. May run again."""
    with database.read() as db:
        if not _due(db, home, at, 1) and not _over(db, home, at):
            return 0
    with change(database, home, WATCHROOM, at) as c:
        c.quiet = True
        over = _over(c.db, home, at)
        for row in over:
            row.state, row.decided = DisposalState.WITHDRAWN, at
        c.db.flush()
        found = _due(c.db, home, at, MOST_PROPOSED)
        place: dict[str, Any] = {"workspace_id": home, "audit_id": c.audit_id, "proposed": at}
        c.db.add_all(Disposal(conversation_id=key, rule=rule, last_at=last, **place) for key, rule, last in found)
        c.state("disposal.propose", "workspace", home, after={"new": len(found), "no longer due": len(over)})
    return len(found)


def dispose(database: Database, scope: Scope, disposal_ids: Collection[int], reason: str, at: datetime) -> Erased:
    """What these conversations held goes for good, under one certificate; times, grades and figures stay.

    Raises ``Held``, and ``BadValue`` where somebody wrote or a rule changed meanwhile; then nothing went. ``NotFound`` for
    what does not wait here, and ``NotPermitted``.
    """
    scope.require(Permission.ERASE)
    why = reason_of(reason) if reason.strip() else ""
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        rows = _chosen(c, disposal_ids)
        if any(row.deferred is not None and row.deferred > at for row in rows):
            raise BadValue("choice", "one of them was put off meanwhile")
        if {row.id for row in _over(c.db, c.workspace_id, at)} & {row.id for row in rows}:
            raise BadValue(
                "choice", "one of them is due no more: somebody wrote, or a rule changed. Look at the list again"
            )
        erasure = held_in(c, database.audit_key, [row.conversation_id for row in rows])
        rules = sorted({row.rule for row in rows})
        number = erase_found(erasure, ", ".join(rules), why)
        done = Erased(len(erasure.contacts), len(erasure.conversations), len(erasure.messages), number)
        after = counts_of(erasure) | {"certificate": number, "rules": rules}
        c.state("dispose", "certificate", number, after=after, reason=why)
    return done


def defer(
    database: Database, scope: Scope, disposal_ids: Collection[int], until: datetime, reason: str, at: datetime
) -> None:
    """These wait until then, for a reason. Raises ``BadValue``, ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.PRIVACY)
    why = reason_of(reason)
    if not at < until <= at + LONGEST_DEFERRAL:
        raise BadValue("until", "give a day within the next year")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        rows = _chosen(c, disposal_ids)
        for row in rows:
            row.deferred, row.reason, row.decided, row.decided_by = until, why, at, scope.user_id
        after = {"conversations": [row.conversation_id for row in rows], "until": until.isoformat()}
        c.state("disposal.defer", "workspace", c.workspace_id, after=after, reason=why)


def _chosen(c: Change, disposal_ids: Collection[int]) -> list[Disposal]:
    if not disposal_ids or len(disposal_ids) > MOST_AT_ONCE:
        raise BadValue("choice", f"choose at least one, at most {MOST_AT_ONCE}")
    rows = list(c.db.scalars(_waiting(c.workspace_id).where(Disposal.id.in_(disposal_ids)).order_by(Disposal.id)))
    if {row.id for row in rows} != set(disposal_ids):
        raise NotFound
    return rows


def _waiting(home: int) -> Any:
    return select(Disposal).where(Disposal.workspace_id == home, Disposal.state == DisposalState.WAITING)


def _due(db: Session, home: int, at: datetime, most: int) -> list[tuple[int, str, datetime]]:
    """(conversation, rule, last message) of what is due and neither on the list nor gone."""
    found: list[tuple[int, str, datetime]] = []
    listed = exists().where(
        Disposal.conversation_id == Conversation.id,
        (Disposal.state == DisposalState.WAITING)
        | ((Disposal.state == DisposalState.GONE) & (Disposal.last_at >= Conversation.last_at)),
    )
    for rule, condition in due_under(db, home, at):
        rows = db.execute(
            select(Conversation.id, Conversation.last_at)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Conversation.workspace_id == home, condition, ~listed, ~Contact.network_id.startswith(HIDDEN))
            .order_by(Conversation.last_at, Conversation.id)
            .limit(most - len(found))
        )
        found += [(row.id, rule, row.last_at) for row in rows]
        if len(found) >= most:
            break
    return found


def _over(db: Session, home: int, at: datetime) -> list[Disposal]:
    """What stands on the list and is due no more under the rule that put it there."""
    still: set[int] = set()
    for rule, condition in due_under(db, home, at):
        wanted = (
            select(Disposal.id)
            .join(Conversation, Conversation.id == Disposal.conversation_id)
            .where(
                Disposal.workspace_id == home,
                Disposal.state == DisposalState.WAITING,
                Disposal.rule == rule,
                condition,
            )
        )
        still |= set(db.scalars(wanted))
    rows: Iterable[Disposal] = db.scalars(_waiting(home))
    return [row for row in rows if row.id not in still]


def held_among(db: Session, home: int, rows: Iterable[Any]) -> dict[int, str]:
    """Of rows with ``conversation_id`` and ``contact_id``, the conversations that a legal hold keeps, with its reason."""
    held = held_things(db, home)
    found = {row.conversation_id: held.why(row.conversation_id, row.contact_id) for row in rows}
    return {key: why for key, why in found.items() if why}
