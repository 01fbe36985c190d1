"""How long a claim stands without its holder doing anything, and how it is passed on.

A claim lapses when its holder has done nothing on the conversation for the grade's idle time, or when the session ended in
which they last did something there. What counts as doing something: claiming, opening the conversation, typing in it, and
every act on it (assessing, noting, replying, handing over). Looking at it does not.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned, within
from models.conversation import Conversation
from models.problems import BadValue, Problem
from models.waits import Clock, Target

LONGEST_NOTE = 2_000
"""Characters of the note of a hand-over, and of a reason."""
IDLE_TIMES = {1: Target(5 * 60, Clock.PUBLIC), 2: Target(15 * 60, Clock.PUBLIC)}
"""Idle times by rank where the workspace has set none: wall clock for the two most urgent grades."""
OTHERS_IDLE_TIME = Target(60 * 60, Clock.STAFFED)


class HolderAtWork(Problem):
    """The holder is at work on the conversation, so only who moves work may take it over."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class MixedGrades(Problem):
    """One act cannot move conversations of several grades: ``words`` names them."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(", ".join(words))
        self.words = words


class OfferOver(Problem):
    """The hand-over was answered, withdrawn or timed out meanwhile: ``state`` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class OfferedAlready(Problem):
    """The conversation is being handed over already."""


class NotForYou(Problem):
    """The hand-over is for somebody else."""


class OfferState(StrEnum):
    """Where a hand-over stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TIMED_OUT = "timed out"
    OVERTAKEN = "overtaken"


class Told(StrEnum):
    """The kinds of notification that claims make; ``by_id`` is who did it."""

    LAPSED = "claim lapsed"
    TAKEN = "taken over"
    MOVED = "moved away"
    ASSIGNED = "assigned"
    OFFERED = "handed over"
    ACCEPTED = "hand-over accepted"
    DECLINED = "hand-over declined"
    TIMED_OUT = "hand-over timed out"


class Hold(Base, kw_only=True):
    """How a conversation's claim stands. Not a business row: the claim itself is the conversation's, and its interval's.

    ``acted`` is the holder's last act on it, in the session ``session_id``; ``lapses`` follows from it and the grade of
    ``rank``. ``look`` is the next instant at which something may be due: never later than ``lapses`` and the session's end.
    Once a claim has lapsed ``look`` is None and ``lapsed`` says when, until somebody claims again.
    """

    __tablename__ = "hold"
    __table_args__ = (
        within("conversation", "conversation_id"),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        ForeignKeyConstraint(["session_id"], ["session.id"]),
        Index("ix_hold_look", "look", sqlite_where=text("look IS NOT NULL"), postgresql_where=text("look IS NOT NULL")),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int]
    session_id: Mapped[int | None] = mapped_column(default=None)
    rank: Mapped[int]
    acted: Mapped[datetime]
    lapses: Mapped[datetime]
    look: Mapped[datetime | None] = mapped_column(default=None)
    lapsed: Mapped[datetime | None] = mapped_column(default=None)


class HandOver(Owned, Audited, Base, kw_only=True):
    """A claim offered to a colleague or a team with a note; until somebody accepts, the giver holds it.

    ``lapses`` is when it times out. Its note may be erased later; events hold only a digest of it.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("team", "team_id")),
        ForeignKeyConstraint(["giver_id"], ["user.id"]),
        ForeignKeyConstraint(["taker_id"], ["user.id"]),
        ForeignKeyConstraint(["ended_by"], ["user.id"]),
        Index(
            "ix_hand_over_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_hand_over_lapses",
            "lapses",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index("ix_hand_over_conversation", "conversation_id"),
    )

    conversation_id: Mapped[int]
    giver_id: Mapped[int]
    taker_id: Mapped[int | None] = mapped_column(default=None)
    team_id: Mapped[int | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(repr=False)
    offered: Mapped[datetime]
    lapses: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=str(OfferState.OFFERED))
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(default=None)

    def is_for(self, user_id: int, teams: frozenset[int]) -> bool:
        """Whether this person may answer: it is theirs, or their team's and not their own offer."""
        if self.taker_id is not None:
            return self.taker_id == user_id
        return self.team_id in teams and user_id != self.giver_id

    def answer(self, state: OfferState, by: int, teams: frozenset[int], at: datetime) -> None:
        """Accept or decline. Raises ``OfferOver`` where it is over, and ``NotForYou``."""
        self._only_offered()
        if not self.is_for(by, teams):
            raise NotForYou
        self.end(state, at, by)

    def withdraw(self, by: int, moves_work: bool, at: datetime) -> None:
        """Take it back: its giver, or who moves work. Raises ``OfferOver`` and ``NotForYou``."""
        self._only_offered()
        if by != self.giver_id and not moves_work:
            raise NotForYou
        self.end(OfferState.WITHDRAWN, at, by)

    def end(self, state: OfferState, at: datetime, by: int | None = None) -> None:
        """It is over."""
        self.state, self.ended, self.ended_by = str(state), at, by

    def _only_offered(self) -> None:
        if self.state != OfferState.OFFERED:
            raise OfferOver(self.state)


for _name, _column, _is_set in (
    ("ix_conversation_assigned", Conversation.assigned_id, text("assigned_id IS NOT NULL")),
    ("ix_conversation_team", Conversation.team_id, text("team_id IS NOT NULL")),
):
    # What is assigned to somebody is found without looking through what is not.
    Index(_name, Conversation.workspace_id, _column, sqlite_where=_is_set, postgresql_where=_is_set)


def idle_time(rank: int, seconds: int | None = None, clock: str | None = None) -> Target:
    """How long a claim of this grade stands without an act: the workspace's own time, else the default of its rank."""
    standard = IDLE_TIMES.get(rank, OTHERS_IDLE_TIME)
    return Target(seconds or standard.seconds, Clock(clock) if clock else standard.clock)


def half(idle: Target) -> Target:
    """How long without an act makes a holder idle, so that anybody may take over: half of what makes the claim lapse."""
    return Target(max(idle.seconds // 2, 1), idle.clock)


def look_at(lapses: datetime, ends: datetime | None) -> datetime:
    """The next instant at which a claim may be due to lapse."""
    return lapses if ends is None else min(lapses, ends)


def check_words(field: str, said: str, needed: bool = True) -> str:
    """A note or a reason without outer blanks. Raises ``BadValue`` for nothing where it is needed, and for too much."""
    kept = said.replace("\0", "").strip()
    if needed and not kept:
        raise BadValue(field, "say why in a few words")
    if len(kept) > LONGEST_NOTE:
        raise BadValue(field, f"it has {len(kept):,} characters; at most {LONGEST_NOTE:,} fit")
    return kept


def idle_words(idle: Target) -> str:
    """An idle time as an event says it: "5 min", "60 staffed min", "90 s"."""
    staffed = "staffed " if idle.clock is Clock.STAFFED else ""
    return f"{idle.seconds} {staffed}s" if idle.seconds % 60 else f"{idle.seconds // 60} {staffed}min"
