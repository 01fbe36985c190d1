"""What pages show of the survey."""

from dataclasses import dataclass

from models.snapshots.marks import WorkspaceMark
from models.snapshots.reports import ReportHead
from models.survey import Surveyed


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """How a workspace asks; ``waiting`` closings are yet to be looked at."""

    workspace: WorkspaceMark
    on: bool
    text: str
    waiting: int


@dataclass(frozen=True, slots=True)
class SurveyReport:
    """What the survey brought in whole months, by month (``2026-11``), by network, and in all."""

    head: ReportHead
    total: Surveyed
    by_month: tuple[tuple[str, Surveyed], ...]
    by_channel: tuple[tuple[str, Surveyed], ...]
