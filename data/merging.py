"""Merging contacts and conversations, and taking it back (``models/merging.py`` says what a merge is)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.conversation import Contact, Conversation
from models.merging import LARGEST_GROUP, ContactMerge, ConversationMerge, check_reason, group
from models.permissions import Permission, Scope
from models.problems import AlreadyMerged, BadValue, NotFound, NotMerged


@dataclass(frozen=True, slots=True)
class Kind:
    """What is merged, and the links between them."""

    word: str
    entity: Any
    link: Any


CONTACTS = Kind("contact", Contact, ContactMerge)
CONVERSATIONS = Kind("conversation", Conversation, ConversationMerge)


def merge_contacts(database: Database, scope: Scope, lead_id: int, part_id: int, reason: str, at: datetime) -> int:
    """Say that two identities are one person; returns the merge's key.

    Raises ``AlreadyMerged``, ``BadValue`` (no reason, too many), ``NotFound`` and ``NotPermitted``.
    """
    return _merge(database, scope, CONTACTS, (lead_id, part_id), reason, at)


def merge_conversations(database: Database, scope: Scope, lead_id: int, part_id: int, reason: str, at: datetime) -> int:
    """Show two conversations of one person as one thread; returns the merge's key.

    Raises ``BadValue`` where they are two people's, and otherwise like ``merge_contacts``.
    """
    return _merge(database, scope, CONVERSATIONS, (lead_id, part_id), reason, at, _must_be_one_person)


def part_contacts(database: Database, scope: Scope, merge_id: int, at: datetime) -> None:
    """Take a merge of contacts back. Raises ``BadValue`` while conversations are one thread because of it, ``NotMerged``,
    ``NotFound`` and ``NotPermitted``.
    """
    _part(database, scope, CONTACTS, merge_id, at, _threads_must_stay_whole)


def part_conversations(database: Database, scope: Scope, merge_id: int, at: datetime) -> None:
    """Take a merge of conversations back. Raises ``NotMerged``, ``NotFound`` and ``NotPermitted``."""
    _part(database, scope, CONVERSATIONS, merge_id, at)


def together(db: Session, kind: Kind, workspace_id: int, key: int) -> tuple[int, ...]:
    """The key and all that are merged with it, over any number of merges; alone where nothing is."""

    def touching(keys: set[int]) -> Iterable[tuple[int, int]]:
        rows = db.execute(_standing(kind, workspace_id, keys))
        return [(row.lead_id, row.part_id) for row in rows]

    return group(key, touching)


def _standing(kind: Kind, workspace_id: int, keys: Iterable[int]) -> Any:
    link, some = kind.link, sorted(keys)
    return select(link.id, link.lead_id, link.part_id).where(
        link.workspace_id == workspace_id, link.ended.is_(None), or_(link.lead_id.in_(some), link.part_id.in_(some))
    )


def _merge(
    database: Database,
    scope: Scope,
    kind: Kind,
    pair: tuple[int, int],
    reason: str,
    at: datetime,
    check: Callable[[Change, Any, Any], None] | None = None,
) -> int:
    user_id = person_of(scope, Permission.ASSESS)
    why = check_reason(reason)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        lead, part = (_first(c.db, kind, scope.workspace_id, key) for key in pair)
        if lead.id == part.id:
            raise AlreadyMerged
        sizes = [len(together(c.db, kind, scope.workspace_id, one.id)) for one in (lead, part)]
        if sum(sizes) > LARGEST_GROUP:
            raise BadValue("merge", f"at most {LARGEST_GROUP} belong together")
        if check is not None:
            check(c, lead, part)
        home = {"workspace_id": scope.workspace_id, "audit_id": c.audit_id}
        link = kind.link(lead_id=lead.id, part_id=part.id, by_id=user_id, reason=why, begun=at, **home)
        c.db.add(link)
        c.db.flush()
        after = {"lead": lead.id, "merge": link.id}
        c.state("merge", kind.word, part.id, before={"lead": None}, after=after, reason=why)
    return int(link.id)


def _first(db: Session, kind: Kind, workspace_id: int, key: int) -> Any:
    """The lead of everything that is merged with it. Raises ``NotFound``."""
    keys = together(db, kind, workspace_id, key)
    parts = {row.part_id for row in db.execute(_standing(kind, workspace_id, keys))}
    first = next(one for one in keys if one not in parts)
    found = db.scalar(select(kind.entity).where(kind.entity.workspace_id == workspace_id, kind.entity.id == first))
    if found is None:
        raise NotFound
    return found


def _must_be_one_person(c: Change, lead: Any, part: Any) -> None:
    if part.contact_id not in together(c.db, CONTACTS, c.workspace_id, lead.contact_id):
        raise BadValue("merge", "these are two people: merge the contacts first, if they are one")


def _part(
    database: Database,
    scope: Scope,
    kind: Kind,
    merge_id: int,
    at: datetime,
    check: Callable[[Change, Any], None] | None = None,
) -> None:
    user_id = person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        wanted = select(kind.link).where(kind.link.workspace_id == scope.workspace_id, kind.link.id == merge_id)
        link = c.db.scalar(wanted.with_for_update())
        if link is None:
            raise NotFound
        if link.ended is not None:
            raise NotMerged
        link.ended, link.ended_by_id = at, user_id
        c.db.flush()
        if check is not None:
            check(c, link)
        before = {"lead": link.lead_id, "merge": link.id}
        c.state("unmerge", kind.word, link.part_id, before=before, after={"lead": None})


def _threads_must_stay_whole(c: Change, link: Any) -> None:
    """No thread may show two people: the conversations are taken apart first."""
    one_side = set(together(c.db, CONTACTS, c.workspace_id, link.part_id))
    keys = [*one_side, *together(c.db, CONTACTS, c.workspace_id, link.lead_id)]
    rows = c.db.execute(
        select(Conversation.id, Conversation.contact_id).where(
            Conversation.workspace_id == c.workspace_id, Conversation.contact_id.in_(keys)
        )
    )
    whose = {row.id: row.contact_id in one_side for row in rows}
    for merge in c.db.execute(_standing(CONVERSATIONS, c.workspace_id, whose)):
        if whose[merge.lead_id] != whose[merge.part_id]:
            raise BadValue("merge", "their conversations are shown as one thread: take that back first")
