"""The decision log: what was decided and why, under the six headings of the National Decision Model; only ever added to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned
from models.problems import BadValue

LONGEST_ANSWER = 500
"""Characters under one heading."""

HEADINGS: tuple[tuple[str, str, str], ...] = (
    ("information", "Information", "what is known and what is not"),
    ("threat", "Threat and risk", "and the working strategy"),
    ("powers", "Powers and policy", "that apply"),
    ("options", "Options", "and contingencies"),
    ("action", "Action and review", "what is done, and when it is looked at again"),
    ("ethics", "Code of Ethics", "how it holds to it"),
)
"""Key, heading and what it asks for. Source: College of Policing, National Decision Model: five stages around the Code."""
KEYS = tuple(key for key, _, _ in HEADINGS)


class Decision(Owned, Audited, Base, kw_only=True):
    """One entry on a conversation or on an incident, never changed: a later one may correct it.

    ``answers`` has a text for the headings that were filled in.
    """

    __tablename__ = "decision"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("incident", "incident_id"), ("decision", "corrects_id")),
        UniqueConstraint("corrects_id"),
        Index("ix_decision_conversation", "conversation_id"),
        Index("ix_decision_incident", "incident_id"),
    )

    conversation_id: Mapped[int | None] = mapped_column(default=None)
    incident_id: Mapped[int | None] = mapped_column(default=None)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    answers: Mapped[Any] = mapped_column(Json, repr=False)
    corrects_id: Mapped[int | None] = mapped_column(default=None)


def check_answers(given: Mapping[str, object]) -> dict[str, str]:
    """What was filled in, each text on one line. Raises ``BadValue`` where nothing was, or something does not fit."""
    said = {key: _line(heading, given.get(key)) for key, heading, _ in HEADINGS}
    kept = {key: text for key, text in said.items() if text}
    if not kept:
        raise BadValue("decision", "write under at least one heading what was decided and why")
    return kept


def _line(heading: str, given: object) -> str:
    text = " ".join(given.replace("\0", "").split()) if isinstance(given, str) else ""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadValue(heading, "it holds characters that cannot be stored") from None
    if len(text) > LONGEST_ANSWER:
        raise BadValue(heading, f"it has {len(text):,} characters; at most {LONGEST_ANSWER} fit")
    return text
