"""Who is on duty, and who can do what: skills and languages of colleagues, each accredited until a day or for good."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import BadValue

LONGEST_SKILL = 60
"""Characters of a skill's name."""


class Duty(Owned, Audited, Base, kw_only=True):
    """A colleague was on duty from ``began`` to ``ended``; at most one of theirs in a workspace has not ended."""

    __tablename__ = "duty"
    __table_args__ = (
        *owned(),
        Index(
            "ix_duty_on",
            "workspace_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    began: Mapped[datetime]
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)


class Skill(Owned, Audited, Base, kw_only=True):
    """What a colleague can do, by its ``word``: accredited to the end of the day ``until``, None for good."""

    __tablename__ = "skill"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "user_id", "word"))

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    word: Mapped[str]
    until: Mapped[date | None] = mapped_column(Date, default=None)


def is_accredited(until: date | None, today: date) -> bool:
    """Whether an accreditation holds on the workspace's day ``today``."""
    return until is None or today <= until


def check_skill(said: str) -> str:
    """A skill's name on one line, beginning with a capital so that one skill has one name. Raises ``BadValue``."""
    kept = " ".join(said.replace("\0", "").split())
    try:
        kept.encode()
    except UnicodeEncodeError:
        raise BadValue("skill", "it holds characters that cannot be stored") from None
    if not kept or len(kept) > LONGEST_SKILL:
        raise BadValue("skill", f"name it in at most {LONGEST_SKILL} characters, such as Arabic speaker")
    return kept[:1].upper() + kept[1:]


def check_until(said: str) -> date | None:
    """The last day of an accreditation, None where none is given. Raises ``BadValue``."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise BadValue("accredited until", "give a date such as 2027-03-31, or nothing") from None
