"""Where a conversation may go from where it stands, by a person at the desk: the legal moves of ``Conversation``."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from models.problems import (
    AlreadyClosed,
    BadValue,
    NotSetAside,
    ReasonNeeded,
    SpokeAgain,
    TooUrgent,
    Unassessed,
)

TOP = 1
"""The rank of the most urgent grade."""
REASON_FROM = 2
"""Grades up to this rank are closed only with a reason."""
LONGEST_SNOOZE = timedelta(days=30)


class State(StrEnum):
    """Where a conversation stands; who holds it is a separate matter."""

    OPEN = "open"
    WAITING = "waiting for the contact"
    PARTNER = "with a partner"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Moves:
    """What people may do with a conversation. Each move changes the row or raises a named problem and changes nothing."""

    if TYPE_CHECKING:
        state: str
        rank: int
        unassessed: bool
        since: datetime | None
        holder_id: int | None
        held_since: datetime | None
        snoozed_until: datetime | None
        partner: str

    def close(self, reason: str) -> None:
        """It has ended, and nobody answers any more.

        Raises ``AlreadyClosed``, ``Unassessed``, and ``ReasonNeeded`` in the two most urgent grades.
        """
        self._must_be_open()
        self._must_be_assessed("closed")
        if self.rank <= REASON_FROM and not reason.strip():
            raise ReasonNeeded
        self.state, self.holder_id, self.held_since = State.CLOSED, None, None

    def snooze(self, until: datetime, now: datetime, least_urgent: int) -> None:
        """It stays out of sight until then. ``least_urgent`` is the most urgent rank that may be.

        Raises ``AlreadyClosed``, ``Unassessed``, ``TooUrgent``, and ``BadValue`` for a time that is not within 30 days.
        """
        self._must_be_open()
        self._must_be_assessed("snoozed")
        if self.rank < least_urgent:
            raise TooUrgent
        if not now < until <= now + LONGEST_SNOOZE:
            raise BadValue("snooze", "choose a time from now to 30 days from now")
        self.state, self.snoozed_until = State.SNOOZED, until

    def set_aside(self, partner: str) -> None:
        """A partner deals with it now. Raises ``AlreadyClosed``, ``Unassessed``, and ``BadValue`` without a name."""
        self._must_be_open()
        self._must_be_assessed("left to a partner")
        if not partner.strip():
            raise BadValue("partner", "say who deals with it now")
        self.state, self.partner = State.PARTNER, partner.strip()

    def resume(self) -> None:
        """Nothing holds it back any more. Raises ``NotSetAside`` where nothing did."""
        if self.state not in {State.SNOOZED, State.PARTNER}:
            raise NotSetAside
        self.state = State.OPEN if self.since is not None else State.WAITING
        self.snoozed_until, self.partner = None, ""

    def assess(self, heard_all: bool) -> None:
        """A person may grade it only with everything the contact said before them. Raises ``AlreadyClosed``, ``SpokeAgain``.

        This is also how it is graded down: never past a message that nobody has looked at.
        """
        self._must_be_open()
        if not heard_all:
            raise SpokeAgain

    def _must_be_open(self) -> None:
        if self.state == State.CLOSED:
            raise AlreadyClosed

    def _must_be_assessed(self, what: str) -> None:
        """In the top grade nothing is put away while the contact's last message is unassessed."""
        if self.rank == TOP and self.unassessed:
            raise Unassessed(what)
