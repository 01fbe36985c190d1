"""The survey: one question after a conversation was closed, and counts of its answers that lead back to nobody.

An answer is added to a count of its month and network, and the link that gave it is gone. Who was asked is kept as a keyed
digest only, so that nobody is asked twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import BadValue
from models.quantiles import wilson

AFTER = timedelta(minutes=5)
"""How long after a closing the question goes out: one that was taken back asks nobody."""
LASTS = timedelta(days=14)
"""How long a link may be answered."""
LONGEST_TEXT = 200
LINK = "{link}"
TEXT = f"Thank you for getting in touch. One question, one tap: {LINK}"
FEWEST = 10
"""Valid answers below which no interval is worked out."""


class Answer(StrEnum):
    """Would you have contacted us otherwise, and how?"""

    NO = "no"
    CALL = "call"
    OTHER = "other"
    UNSURE = "unsure"


VALID = (Answer.NO, Answer.CALL, Answer.OTHER)
CLOSED, ASKED = "closed", "asked"
"""What is counted beside answers: conversations that people closed while the survey was on, and those asked in."""


class SurveyWays(Owned, Audited, Base, kw_only=True):
    """Whether a workspace asks, and in which words. ``text`` holds ``LINK`` once."""

    __tablename__ = "survey_ways"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id"))

    on: Mapped[bool]
    text: Mapped[str] = mapped_column(default=TEXT)


class SurveyDue(Owned, Base, kw_only=True):
    """A conversation that was closed, until it is asked in or left alone. ``user_id`` closed it."""

    __tablename__ = "survey_due"
    __table_args__ = (
        UniqueConstraint("workspace_id", "conversation_id"),
        ForeignKeyConstraint(["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"]),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        Index(None, "ready"),
    )

    conversation_id: Mapped[int]
    user_id: Mapped[int]
    ready: Mapped[datetime]


class SurveyAsked(Owned, Base, kw_only=True):
    """Somebody who was asked, as a keyed digest of what their network calls them: nobody is asked twice."""

    __tablename__ = "survey_asked"
    __table_args__ = (UniqueConstraint("workspace_id", "digest"),)

    digest: Mapped[str]


class SurveyLink(Owned, Base, kw_only=True):
    """A link that was not answered yet, by the hash of its token. It goes with its answer, or when its time is over."""

    __tablename__ = "survey_link"
    __table_args__ = (Index(None, "token_hash", unique=True), Index(None, "until"))

    token_hash: Mapped[str] = mapped_column(repr=False)
    channel: Mapped[str]
    month: Mapped[str]
    until: Mapped[datetime]


class SurveyCount(Base, kw_only=True):
    """How many of ``what`` (an ``Answer``, ``CLOSED`` or ``ASKED``) a month had on a network; the month is that of closing."""

    __tablename__ = "survey_count"

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class AutomaticReply(Owned, Base, kw_only=True):
    """A reply on its way that nobody wrote: it answers no turn and counts in no response figure (METRICS.md)."""

    __tablename__ = "automatic_reply"
    __table_args__ = (
        UniqueConstraint("workspace_id", "outgoing_id"),
        ForeignKeyConstraint(["workspace_id", "outgoing_id"], ["outgoing.workspace_id", "outgoing.id"]),
    )

    outgoing_id: Mapped[int]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey brought: conversations closed while it was on, people asked, and answers of each kind."""

    closed: int = 0
    asked: int = 0
    no: int = 0
    call: int = 0
    other: int = 0
    unsure: int = 0

    @property
    def answered(self) -> int:
        """Every answer, also “cannot say”."""
        return self.valid + self.unsure

    @property
    def valid(self) -> int:
        """Answers that say whether, and how."""
        return self.no + self.call + self.other

    @property
    def rate(self) -> float | None:
        """Answers to those asked; None where nobody was."""
        return self.answered / self.asked if self.asked else None

    def share(self, yes: int) -> float | None:
        """A share of the valid answers; None where there are none."""
        return yes / self.valid if self.valid else None

    def between(self, yes: int) -> tuple[float, float] | None:
        """The 95% Wilson interval of a share; None below ``FEWEST`` valid answers."""
        return wilson(yes, self.valid) if self.valid >= FEWEST else None

    @property
    def avoided(self) -> tuple[int, int] | None:
        """Calls avoided, at least and at most: the interval of those who would have rung, of all that were closed."""
        found = self.between(self.call)
        return (round(found[0] * self.closed), round(found[1] * self.closed)) if found else None


def check_text(text: str) -> str:
    """The words of the question as they go out. Raises ``BadValue``."""
    kept = " ".join(text.split())
    if not kept.isprintable() or len(kept) > LONGEST_TEXT or kept.count(LINK) != 1:
        raise BadValue("words", f"write at most {LONGEST_TEXT} characters that hold {LINK} once")
    return kept
