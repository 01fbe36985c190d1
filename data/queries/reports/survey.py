"""What the survey brought, from counts of whole months (METRICS.md, Would not otherwise have contacted us)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from data.database import Database
from data.queries.reports.ground import ground
from models.permissions import Scope
from models.reporting import ReportFilters
from models.snapshots.survey import SurveyReport
from models.survey import SurveyCount, Surveyed


def survey_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> SurveyReport:
    """Months that the period touches are whole here; an account narrows to its network. Raises ``NotPermitted``."""
    with database.read() as db:
        on = ground(db, scope, filters, now)
        channels = {one.channel for one in on.head.accounts if filters.account in (None, one.id)}
        rows = db.execute(
            select(SurveyCount.month, SurveyCount.channel, SurveyCount.what, SurveyCount.count).where(
                SurveyCount.workspace_id == on.ways.workspace_id,
                SurveyCount.month.between(f"{filters.first:%Y-%m}", f"{filters.last:%Y-%m}"),
            )
        ).all()
    total: dict[str, int] = defaultdict(int)
    by_month: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_channel: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for month, channel, what, count in rows:
        if filters.channel in ("", channel) and (filters.account is None or channel in channels):
            for counts in (total, by_month[month], by_channel[channel]):
                counts[what] += count
    return SurveyReport(on.head, Surveyed(**total), _in_order(by_month), _in_order(by_channel))


def _in_order(found: Mapping[str, Mapping[str, int]]) -> tuple[tuple[str, Surveyed], ...]:
    return tuple((key, Surveyed(**found[key])) for key in sorted(found))
