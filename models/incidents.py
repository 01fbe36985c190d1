"""An incident: conversations about the same thing, its place in the command-and-control system, and its METHANE reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned, within
from models.problems import BadValue, IncidentClosed

LONGEST_NAME = 80
LONGEST_REFERENCE = 60
LONGEST_LINE = 1_000
"""Characters of one line of a METHANE report."""
MOST_ADDED = 200
"""Conversations added to an incident at once."""
MOST_CITED = 40
"""Messages that one line of a METHANE report may cite."""


class Veracity(StrEnum):
    """Whether what people say of an incident is so."""

    UNCONFIRMED = "unconfirmed"
    TRUE = "true"
    FALSE = "false"


class Major(StrEnum):
    """What the M of METHANE says."""

    UNKNOWN = ""
    STANDBY = "standby"
    DECLARED = "declared"


LINES: tuple[tuple[str, str, str], ...] = (
    ("major", "M", "Major incident declared or standby"),
    ("location", "E", "Exact location"),
    ("type", "T", "Type of incident"),
    ("hazards", "H", "Hazards, present or suspected"),
    ("access", "A", "Access: routes that are safe to use"),
    ("casualties", "N", "Number, type and severity of casualties"),
    ("services", "E", "Emergency services present and required"),
)
"""Key, letter and meaning of each line. Source: JESIP, Joint Doctrine, edition 3.1, M/ETHANE."""
KEYS = tuple(key for key, _, _ in LINES)
NOT_KNOWN = "not known"


class Incident(Owned, Audited, Base, kw_only=True):
    """Several conversations about one thing. ``reference`` is its number in the command-and-control system."""

    __tablename__ = "incident"
    __table_args__ = (
        *owned(),
        ForeignKeyConstraint(["opened_by_id"], ["user.id"]),
        ForeignKeyConstraint(["closed_by_id"], ["user.id"]),
        Index("ix_incident_opened", "workspace_id", "opened"),
        Index(
            "ix_incident_open",
            "workspace_id",
            "id",
            sqlite_where=text("closed IS NULL"),
            postgresql_where=text("closed IS NULL"),
        ),
    )

    name: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    veracity: Mapped[str] = mapped_column(default=str(Veracity.UNCONFIRMED))
    opened: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(default=None)
    closed: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[int | None] = mapped_column(default=None)

    def must_be_open(self) -> None:
        """Raise ``IncidentClosed`` where it is over."""
        if self.closed is not None:
            raise IncidentClosed(self.name)

    def close(self, by: int, at: datetime) -> None:
        """It is over. Raises ``IncidentClosed``."""
        self.must_be_open()
        self.closed, self.closed_by_id = at, by

    def reopen(self) -> None:
        """It goes on after all; nothing happens where it is open."""
        self.closed = self.closed_by_id = None


class IncidentConversation(Owned, Audited, Base, kw_only=True):
    """From ``added`` to ``removed`` a conversation belongs to an incident; to one at a time."""

    __tablename__ = "incident_conversation"
    __table_args__ = (
        *owned(("incident", "incident_id"), ("conversation", "conversation_id")),
        ForeignKeyConstraint(["added_by_id"], ["user.id"]),
        ForeignKeyConstraint(["removed_by_id"], ["user.id"]),
        Index(
            "ix_incident_conversation_one",
            "conversation_id",
            unique=True,
            sqlite_where=text("removed IS NULL"),
            postgresql_where=text("removed IS NULL"),
        ),
        Index("ix_incident_conversation_incident", "incident_id", "conversation_id"),
    )

    incident_id: Mapped[int]
    conversation_id: Mapped[int]
    added: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(default=None)
    removed: Mapped[datetime | None] = mapped_column(default=None)
    removed_by_id: Mapped[int | None] = mapped_column(default=None)


class Methane(Owned, Audited, Base, kw_only=True):
    """One version of an incident's METHANE report; never changed. ``lines`` holds a text for each key of ``LINES``."""

    __tablename__ = "methane"
    __table_args__ = (
        *owned(("incident", "incident_id")),
        ForeignKeyConstraint(["author_id"], ["user.id"]),
        UniqueConstraint("incident_id", "number"),
    )

    incident_id: Mapped[int]
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(default=None)
    written: Mapped[datetime]
    major: Mapped[str] = mapped_column(default=str(Major.UNKNOWN))
    lines: Mapped[Any] = mapped_column(Json, repr=False)


class MethaneEvidence(Owned, Audited, Base, kw_only=True):
    """A message that a line of a report rests on."""

    __tablename__ = "methane_evidence"
    __table_args__ = (
        *owned(("methane", "methane_id"), ("message", "message_id")),
        UniqueConstraint("methane_id", "line", "message_id"),
    )

    methane_id: Mapped[int]
    line: Mapped[str]
    message_id: Mapped[int]


class MethaneDraft(Base, kw_only=True):
    """What one person has composed and not kept yet, so that a reload or a crash loses nothing. No business row."""

    __tablename__ = "methane_draft"
    __table_args__ = (within("incident", "incident_id"), ForeignKeyConstraint(["user_id"], ["user.id"]))

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    incident_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    facts: Mapped[Any] = mapped_column(Json, repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as somebody composes it: the M, a text for each line and the messages each line cites."""

    major: Major = Major.UNKNOWN
    texts: tuple[str, ...] = ("",) * len(LINES)
    cited: tuple[tuple[int, ...], ...] = ((),) * len(LINES)

    @property
    def empty(self) -> bool:
        """Nothing is known yet."""
        return self.major is Major.UNKNOWN and not any(self.texts) and not any(self.cited)

    def typed(self, major: Major, texts: Sequence[str]) -> "Draft":
        """The same with other words."""
        return draft_from(self.to_json() | {"major": str(major), "texts": list(texts)})

    def cite(self, line: str, message_id: int) -> "Draft":
        """One more message under a line; an unknown line changes nothing."""
        return self._cited(line, lambda keys: (*keys, message_id))

    def uncite(self, line: str, message_id: int) -> "Draft":
        """One message less under a line."""
        return self._cited(line, lambda keys: tuple(key for key in keys if key != message_id))

    def _cited(self, line: str, change: Callable[[tuple[int, ...]], tuple[int, ...]]) -> "Draft":
        cited = [list(change(keys) if key == line else keys) for key, keys in zip(KEYS, self.cited, strict=True)]
        return draft_from(self.to_json() | {"cited": cited})

    def to_json(self) -> dict[str, Any]:
        """How a draft is kept."""
        return {"major": str(self.major), "texts": list(self.texts), "cited": [list(keys) for keys in self.cited]}


def draft_from(facts: object) -> Draft:
    """A draft read forgivingly, from where it was kept or from a page: what makes no sense is not known."""
    told = facts if isinstance(facts, Mapping) else {}
    major = told.get("major")
    return Draft(
        Major(major) if isinstance(major, str) and major in set(Major) else Major.UNKNOWN,
        tuple(_text(one) for one in _seven(told.get("texts"))),
        tuple(_keys(one) for one in _seven(told.get("cited"))),
    )


def _seven(found: object) -> list[object]:
    rows = list(found) if isinstance(found, Sequence) and not isinstance(found, str) else []
    return (rows + [None] * len(LINES))[: len(LINES)]


def _text(found: object) -> str:
    return " ".join(found.replace("\0", "").split())[:LONGEST_LINE] if isinstance(found, str) else ""


def _keys(found: object) -> tuple[int, ...]:
    rows = found if isinstance(found, Sequence) and not isinstance(found, str) else ()
    whole = [one for one in rows if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63]
    return tuple(dict.fromkeys(whole))[:MOST_CITED]


def check_name(name: object) -> str:
    """An incident's name without outer blanks. Raises ``BadValue``."""
    kept = _one_line(name)
    if not kept or len(kept) > LONGEST_NAME:
        raise BadValue("name", f"say in a few words what it is, such as “Canal Street fire” (at most {LONGEST_NAME})")
    return kept


def check_reference(reference: object) -> str:
    """A reference without outer blanks; empty where there is none yet. Raises ``BadValue``."""
    kept = _one_line(reference)
    if len(kept) > LONGEST_REFERENCE:
        raise BadValue("reference", f"at most {LONGEST_REFERENCE} characters, such as “482 of 12 October”")
    return kept


def check_veracity(word: str) -> Veracity:
    """The veracity of that word. Raises ``BadValue``."""
    if word not in set(Veracity):
        raise BadValue("veracity", "choose unconfirmed, true or false")
    return Veracity(word)


def _one_line(said: object) -> str:
    text = said.replace("\0", "").encode(errors="replace").decode() if isinstance(said, str) else ""
    return " ".join(text.split())
