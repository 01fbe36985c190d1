"""The directory of experts: colleagues, whether they are on duty, and what they can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class SkillMark:
    """One skill of a colleague. One that is not ``valid`` any more is shown and never offered."""

    id: int
    word: str
    until: date | None
    valid: bool


@dataclass(frozen=True, slots=True)
class Expert:
    """A colleague of the workspace; ``on_since`` is None off duty."""

    id: int
    name: str
    mine: bool
    on_since: datetime | None
    skills: tuple[SkillMark, ...]


@dataclass(frozen=True, slots=True)
class AskMark:
    """Somebody asked for a skill on a conversation: ``ending`` is empty while ``who`` is called, until ``until``.

    ``who`` is empty where nobody is called and nobody took it; ``by`` is empty where a rule asked.
    """

    id: int
    conversation_id: int
    word: str
    asked: datetime
    by: str
    who: str
    until: datetime | None
    ended: datetime | None
    ending: str
    may_end: bool = False


@dataclass(frozen=True, slots=True)
class ExpertsPage:
    """``words`` are the skills that somebody holds, with how many are accredited and how many of them are on duty.

    ``rows`` are those whom ``skill`` (empty: everybody) and ``on_duty`` leave. ``asks`` are the questions of the last 24 hours
    and those still open, the newest first.
    """

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    rows: tuple[Expert, ...]
    people: tuple[tuple[int, str], ...]
    words: tuple[tuple[str, int, int], ...]
    skill: str
    on_duty: bool
    mine: Expert | None
    may_keep: bool
    asks: tuple[AskMark, ...] = ()


def offered(people: Sequence[Expert], skill: str, on_duty: bool) -> tuple[Expert, ...]:
    """Whom a search finds: with a skill only those who are accredited for it today, those on duty first."""
    found = [
        one
        for one in people
        if (not skill or any(each.word == skill and each.valid for each in one.skills))
        and (not on_duty or one.on_since is not None)
    ]
    return tuple(sorted(found, key=lambda one: (one.on_since is None, one.name)))
