"""Alarms as they are shown: those that call somebody, the list, and what they cost the people who hear them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.snapshots.marks import GradeMark, WorkspaceMark


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm. ``step`` is the step of the ladder that was called last; ``calls`` says that it calls this person now.

    ``by`` acknowledged it. ``latest`` is when its newest cause joined. It holds nothing of a contact.

    ``ask_id`` and ``expert`` are there where it calls one person by name: the question, and whom it calls.
    """

    id: int
    kind: str
    grade: GradeMark | None
    account: str
    channel: str
    team: str
    conversation_id: int | None
    words: str
    count: int
    raised: datetime
    latest: datetime
    step: str
    acknowledged: datetime | None = None
    by: str = ""
    cleared: datetime | None = None
    calls: bool = False
    ask_id: int | None = None
    expert: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody is still to acknowledge it."""
        return self.acknowledged is None and self.cleared is None


@dataclass(frozen=True, slots=True)
class Calling:
    """The alarms that call this person now, the most urgent first. ``others`` are open and call somebody else."""

    workspace: WorkspaceMark
    as_at: datetime
    rows: tuple[AlarmRow, ...]
    others: int = 0
    acknowledges: bool = False


@dataclass(frozen=True, slots=True)
class AlarmBudget:
    """What alarms cost and how fast they were: ``raised`` in the last ten minutes, to ``operators`` at work.

    ``most`` is the greatest number that one of them was given, ``mean`` that of all (None with nobody at work). ``lags`` are
    of the causes of the last 24 hours: how long after the instant each was raised.
    """

    raised: int
    operators: int
    most: int
    mean: float | None
    budget: int
    caused: int = 0
    median_lag: timedelta | None = None
    worst_lag: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AlarmsPage:
    """Every open alarm, and what was over in the last 24 hours. ``budget`` is there for who supervises."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    open: tuple[AlarmRow, ...]
    over: tuple[AlarmRow, ...]
    acknowledges: bool
    budget: AlarmBudget | None = None
