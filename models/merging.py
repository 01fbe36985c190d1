"""The same person twice, said so and unsaid: a merge is a link from a part to its lead, and moves nothing.

Every identity keeps its messages, every conversation its turns; a group is whatever active links hold together. Taking a
link back therefore leaves exactly what was there before, whatever arrived meanwhile
(docs/decisions/0012-a-merge-moves-nothing.md).
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import BadValue

LONGEST_REASON = 500
"""Characters of why somebody merged."""
LARGEST_GROUP = 50
"""Identities of one person: more is a mistake, and would make one page of half a workspace."""


class Linked(MappedAsDataclass, kw_only=True):
    """From ``begun`` to ``ended`` the part ``part_id`` belongs with ``lead_id``."""

    lead_id: Mapped[int]
    part_id: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="", repr=False)
    begun: Mapped[datetime]
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ended_by_id: Mapped[int | None] = mapped_column(default=None)


def _links(table: str) -> tuple[object, ...]:
    """Constraints of a table of links: nothing has two leads at once."""
    stands = text("ended IS NULL")
    return (
        *owned((table, "lead_id"), (table, "part_id")),
        ForeignKeyConstraint(["by_id"], ["user.id"]),
        ForeignKeyConstraint(["ended_by_id"], ["user.id"]),
        Index(f"ix_{table}_merge_part", "part_id", unique=True, sqlite_where=stands, postgresql_where=stands),
        Index(f"ix_{table}_merge_lead", "lead_id", sqlite_where=stands, postgresql_where=stands),
    )


class ContactMerge(Linked, Owned, Audited, Base, kw_only=True):
    """Two identities, on one network or two, are one person."""

    __tablename__ = "contact_merge"
    __table_args__ = _links("contact")


class ConversationMerge(Linked, Owned, Audited, Base, kw_only=True):
    """Two conversations are shown as one thread."""

    __tablename__ = "conversation_merge"
    __table_args__ = _links("conversation")


def group(start: int, neighbours: Callable[[set[int]], Iterable[tuple[int, int]]]) -> tuple[int, ...]:
    """Everything that links hold together with ``start``, which comes first; the rest in the order of their keys.

    ``neighbours`` gives the active links (lead, part) that touch any of some keys.
    """
    known, fresh = {start}, {start}
    while fresh and len(known) < LARGEST_GROUP:
        met = {key for link in neighbours(fresh) for key in link}
        fresh = met - known
        known |= fresh
    return (start, *sorted(known - {start}))


def check_reason(reason: str) -> str:
    """The reason without outer blanks. Raises ``BadValue`` for none, and for more than ``LONGEST_REASON`` characters."""
    kept = " ".join(reason.replace("\0", "").split())
    if not kept:
        raise BadValue("reason", "say why: it stands in the record")
    if len(kept) > LONGEST_REASON:
        raise BadValue("reason", f"at most {LONGEST_REASON} characters")
    return kept
