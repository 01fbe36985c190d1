"""The hand-over of a shift: what stood at one instant, what the one who goes says of it, and who took over."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned
from models.problems import BadValue, Problem

LONGEST_NOTE = 2_000
"""Characters of what the one who goes says."""


class ShiftOver(Problem):
    """The hand-over was accepted or taken back: ``how`` says which."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class NotYourShift(Problem):
    """Whoever hands a shift over cannot be the one who takes it, nor anybody but whom it names."""


class ShiftHandOver(Owned, Audited, Base, kw_only=True):
    """``facts`` is a ``ShiftPicture`` of the instant ``at``: it names conversations by key and no contact.

    At most one of a workspace waits: neither accepted nor taken back.
    """

    __tablename__ = "shift_handover"
    __table_args__ = (
        *owned(),
        Index(
            "ix_shift_handover_waiting",
            "workspace_id",
            unique=True,
            sqlite_where=text("accepted IS NULL AND taken_back IS NULL"),
            postgresql_where=text("accepted IS NULL AND taken_back IS NULL"),
        ),
        Index("ix_shift_handover_given", "workspace_id", "given"),
    )

    at: Mapped[datetime]
    given: Mapped[datetime]
    given_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    note: Mapped[str] = mapped_column(default="", repr=False)
    facts: Mapped[Any] = mapped_column(Json, repr=False)
    accepted: Mapped[datetime | None] = mapped_column(default=None)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
    taken_back: Mapped[datetime | None] = mapped_column(default=None)

    def accept(self, by: int, at: datetime) -> None:
        """``by`` has the shift now. Raises ``ShiftOver`` and ``NotYourShift``."""
        self._must_wait()
        if by == self.given_by or self.taker_id not in (None, by):
            raise NotYourShift
        self.accepted, self.accepted_by = at, by

    def take_back(self, at: datetime) -> None:
        """It was not meant yet. Raises ``ShiftOver``."""
        self._must_wait()
        self.taken_back = at

    def _must_wait(self) -> None:
        if self.accepted is not None:
            raise ShiftOver("accepted")
        if self.taken_back is not None:
            raise ShiftOver("taken back")


def check_shift_note(said: str) -> str:
    """What the one who goes says, without outer blanks; may be empty. Raises ``BadValue``."""
    kept = said.replace("\0", "").strip()
    try:
        kept.encode()
    except UnicodeEncodeError:
        raise BadValue("note", "it holds characters that cannot be stored") from None
    if len(kept) > LONGEST_NOTE:
        raise BadValue("note", f"it has {len(kept):,} characters; at most {LONGEST_NOTE:,} fit")
    return kept
