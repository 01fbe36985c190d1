"""How long conversations are kept, what holds some of them, what is due to go, and the certificate that it went."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned
from models.problems import BadValue, Problem

LONGEST_REASON = 200
LONGEST_NAME = 60
MOST_AT_ONCE = 200
"""Conversations that one approval disposes of."""
MOST_ALONE = 1_000
"""Messages of no conversation that one approval disposes of."""
LONGEST = {"days": 36_500, "months": 1_200}
LONGEST_DEFERRAL = timedelta(days=366)
KINDS = ("public", "private")
EVERYTHING_ELSE = "everything else"
"""What the workspace's own figure is called where a rule's name would stand."""


class Held(Problem):
    """A legal hold keeps it: ``why`` is the reason that was given for one of them."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class ListeningDue:
    """Messages of no conversation whose time is over: all of them, how many go at once, and when the oldest was sent."""

    number: int
    at_once: int
    oldest: datetime


class DisposalState(StrEnum):
    """Where a conversation stands that became due: deferred ones wait too, until their day."""

    WAITING = "waiting"
    GONE = "gone"
    WITHDRAWN = "withdrawn"


class RetentionRule(Owned, Audited, Base, kw_only=True):
    """How long conversations of a category are kept after their last message: the first rule that fits decides.

    What is None fits everything; ``kind`` is how the contact wrote last, ``outcome_id`` how the newest episode was closed.
    """

    __tablename__ = "retention_rule"
    __table_args__ = (
        *owned(("outcome", "outcome_id"), ("topic", "topic_id")),
        UniqueConstraint("workspace_id", "name"),
    )

    name: Mapped[str]
    position: Mapped[int]
    outcome_id: Mapped[int | None] = mapped_column(default=None)
    topic_id: Mapped[int | None] = mapped_column(default=None)
    kind: Mapped[str | None] = mapped_column(default=None)
    length: Mapped[int]
    unit: Mapped[str]


class LegalHold(Owned, Audited, Base, kw_only=True):
    """Nothing of a contact, a conversation or an incident may go (exactly one of them is set) until somebody lifts this."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        *owned(("contact", "contact_id"), ("conversation", "conversation_id"), ("incident", "incident_id")),
        Index(
            "ix_legal_hold_standing",
            "workspace_id",
            sqlite_where=text("lifted IS NULL"),
            postgresql_where=text("lifted IS NULL"),
        ),
    )

    contact_id: Mapped[int | None] = mapped_column(default=None)
    conversation_id: Mapped[int | None] = mapped_column(default=None)
    incident_id: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str]
    begun: Mapped[datetime]
    begun_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    lifted: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    lifted_reason: Mapped[str] = mapped_column(default="")


class Certificate(Owned, Audited, Base, kw_only=True):
    """That personal data went: when, by whom, under which rule, how much. Never changed; its event is its place in the chain.

    ``facts`` are counts and the numbers of conversations. ``by_id`` is empty where a command did it.
    """

    __tablename__ = "certificate"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "number"))

    number: Mapped[int]
    made: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    rule: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    facts: Mapped[Any] = mapped_column(Json)


class Disposal(Owned, Audited, Base, kw_only=True):
    """A conversation that is due to go under a rule, as it was called then, and what a person decided."""

    __tablename__ = "disposal"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("certificate", "certificate_id")),
        Index(
            "ix_disposal_one",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_disposal_state", "workspace_id", "state", "id"),
        Index("ix_disposal_conversation", "conversation_id", "state"),
    )

    conversation_id: Mapped[int]
    rule: Mapped[str]
    last_at: Mapped[datetime]
    proposed: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=str(DisposalState.WAITING))
    deferred: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    decided: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    certificate_id: Mapped[int | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True)
class HeldThings:
    """What legal holds keep: contacts and conversations by key, each with the reason of a hold."""

    contacts: Mapping[int, str]
    conversations: Mapping[int, str]

    def why(self, conversation_id: int, contact_id: int) -> str:
        """The reason that keeps a conversation; empty where nothing does."""
        return self.conversations.get(conversation_id) or self.contacts.get(contact_id, "")

    def refuse(self, conversations: Collection[int], contacts: Collection[int]) -> None:
        """Raise ``Held`` where anything of it is kept."""
        found = [self.conversations.get(key, "") for key in conversations]
        found += [self.contacts.get(key, "") for key in contacts]
        why = next(filter(None, found), "")
        if why:
            raise Held(why)


def cutoff(length: int, unit: str, at: datetime) -> datetime:
    """What was last active then or before is due at ``at``. A month that is too short gives its last day."""
    if unit == "days":
        return at - timedelta(days=length)
    at = at.astimezone(UTC)
    year, month = divmod(at.year * 12 + at.month - 1 - length, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def reason_of(text: str, what: str = "reason") -> str:
    """A reason without outer blanks. Raises ``BadValue``."""
    found = " ".join(text.split())
    if not found or len(found) > LONGEST_REASON:
        raise BadValue(what, f"say why in at most {LONGEST_REASON} characters, without a name")
    return found


def checked_rule(given: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as a file or a form gives it: name, outcome and topic by their words, kind, length, unit. Raises ``BadValue``."""
    name = _word(given.get("name"), "name")
    where = f"retention, {name}"
    unknown = [one for one in given if one not in ("name", "outcome", "topic", "kind", "length", "unit")]
    if unknown:
        raise BadValue(where, f"there is no “{unknown[0][:40]}” here")
    if name.casefold() == EVERYTHING_ELSE:
        raise BadValue(where, "choose another name: that is the workspace's own figure")
    unit, length, kind = given.get("unit"), given.get("length"), given.get("kind")
    if unit not in LONGEST:
        raise BadValue(where, "give days or months as unit")
    if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= LONGEST[unit]:
        raise BadValue(where, f"give a whole number of {unit} from 1 to {LONGEST[unit]:,} as length")
    if kind not in (None, "", *KINDS):
        raise BadValue(where, "give public, private or nothing as kind")
    words = {one: _word(given[one], where) if given.get(one) else None for one in ("outcome", "topic")}
    return {"name": name, **words, "kind": kind or None, "length": length, "unit": unit}


def _word(value: object, where: str) -> str:
    found = " ".join(value.split()) if isinstance(value, str) else ""
    if not found or len(found) > 100 or not found.isprintable():
        raise BadValue(where, "give each rule a name, and outcomes and topics by their words")
    return found
