"""Asking for an expert: whom to call first, until when, and what came of it. One person is called at a time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned
from models.experts import is_accredited
from models.problems import Problem

PATIENCE = timedelta(minutes=5)
"""How long one expert is called before the next one is."""


class AskEnd(StrEnum):
    """How asking for an expert ended."""

    TAKEN = "taken"
    NOBODY = "nobody"
    OVER = "over"
    CALLED_OFF = "called off"


class AskOver(Problem):
    """Somebody else is called by now, or nobody is any more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague on duty since ``since`` who has the skill to the end of ``until`` and holds ``held`` conversations."""

    user_id: int
    since: datetime
    until: date | None
    held: int = 0


class ExpertAsk(Owned, Audited, Base, kw_only=True):
    """Somebody with the skill ``word`` is wanted on a conversation; ``asked_by`` is None where a rule asked.

    While it is open, ``called_id`` is called by the alarm ``alarm_id`` until the instant ``until``; ``tried`` are the keys of
    all who were called. At most one of a conversation and skill is open.
    """

    __tablename__ = "expert_ask"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("alarm", "alarm_id")),
        Index("ix_expert_ask_alarm", "alarm_id"),
        Index(
            "ix_expert_ask_open",
            "workspace_id",
            "conversation_id",
            "word",
            unique=True,
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
        Index(
            "ix_expert_ask_until",
            "until",
            sqlite_where=text("until IS NOT NULL"),
            postgresql_where=text("until IS NOT NULL"),
        ),
    )

    conversation_id: Mapped[int]
    word: Mapped[str]
    asked: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    alarm_id: Mapped[int | None] = mapped_column(default=None)
    called_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    until: Mapped[datetime | None] = mapped_column(default=None)
    tried: Mapped[Any] = mapped_column(Json, default_factory=list)
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ending: Mapped[str] = mapped_column(default="")

    def call(self, user_id: int, alarm_id: int, until: datetime) -> None:
        """This person is called now."""
        self.called_id, self.alarm_id, self.until = user_id, alarm_id, until
        self.tried = [*self.tried, user_id]

    def end(self, how: AskEnd, at: datetime) -> None:
        """Nobody is called any more; ``called_id`` stays with who took it."""
        self.ended, self.ending, self.until = at, str(how), None
        if how is not AskEnd.TAKEN:
            self.called_id = None


def first_fitting(people: Iterable[Candidate], tried: Collection[int], today: date) -> Candidate | None:
    """Who is called next on the workspace's day ``today``: fewest conversations held, then longest on duty.

    Never anybody who was called before, nor whose accreditation ran out.
    """
    fit = [one for one in people if one.user_id not in tried and is_accredited(one.until, today)]
    return min(fit, key=lambda one: (one.held, one.since, one.user_id), default=None)


def calls_until(at: datetime, accredited: date | None, zone: ZoneInfo) -> datetime:
    """When the next one is called: after ``PATIENCE``, or with the end of the accreditation's last day if that is sooner."""
    if accredited is None:
        return at + PATIENCE
    midnight = datetime.combine(accredited + timedelta(days=1), time(), zone)
    return min(at + PATIENCE, midnight.astimezone(at.tzinfo))
