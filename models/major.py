"""A major incident: the banner that stands on every screen of a workspace, with agreed words."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.incidents import LINES
from models.problems import BadValue

LONGEST_SUMMARY = 600
"""Characters of the METHANE summary."""
LONGEST_LINES = 800
"""Characters of the joint lines."""


class MajorIncident(Owned, Audited, Base, kw_only=True):
    """One wording of the banner, never changed: another wording ends this one and stands in its place.

    ``begun`` is when the banner was first put up, ``worded`` when it was worded so. At most one of a workspace has not ended.
    """

    __tablename__ = "major_incident"
    __table_args__ = (
        *owned(("incident", "incident_id")),
        Index(
            "ix_major_incident_standing",
            "workspace_id",
            unique=True,
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
    )

    incident_id: Mapped[int]
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(repr=False)
    lines: Mapped[str] = mapped_column(default="", repr=False)
    begun: Mapped[datetime]
    worded: Mapped[datetime]
    worded_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)


def check_summary(said: str) -> str:
    """The summary on one line. Raises ``BadValue`` for none and for too much."""
    return _checked("summary", said, LONGEST_SUMMARY, needed=True)


def check_lines(said: str) -> str:
    """The joint lines; empty while nothing is agreed. Raises ``BadValue`` for too much."""
    return _checked("joint lines", said, LONGEST_LINES, needed=False)


def _checked(name: str, said: str, longest: int, needed: bool) -> str:
    kept = " ".join(said.replace("\0", "").split())
    try:
        kept.encode()
    except UnicodeEncodeError:
        raise BadValue(name, "it holds characters that cannot be stored") from None
    if needed and not kept:
        raise BadValue(name, "say in a few words where and what it is")
    if len(kept) > longest:
        raise BadValue(name, f"it has {len(kept):,} characters; at most {longest} fit")
    return kept


def summary_of(lines: Mapping[str, str]) -> str:
    """What a METHANE report says in one line, to begin from: what is not known is left out.

    ``lines`` holds a text for each key of ``models.incidents.LINES``.
    """
    known = [(meaning.partition(":")[0].partition(",")[0], lines.get(key, "")) for key, _, meaning in LINES]
    said = [f"{name}: {text.rstrip('.')}." for name, text in known[1:] if text]
    return " ".join(said)[:LONGEST_SUMMARY]
