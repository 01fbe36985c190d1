"""How a workspace asks its survey, and how far this has come."""

from sqlalchemy import func, select

from data.database import Database
from data.people import workspace_mark
from data.survey import survey_ways
from models.permissions import Permission, Scope
from models.snapshots.survey import SurveyPage
from models.survey import SurveyDue


def survey(database: Database, scope: Scope) -> SurveyPage:
    """Whether it asks, in which words, and how many closings wait to be looked at. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        ways = survey_ways(db, scope.workspace_id)
        waiting = db.scalar(
            select(func.count()).select_from(SurveyDue).where(SurveyDue.workspace_id == scope.workspace_id)
        )
        return SurveyPage(workspace_mark(database, scope.workspace_id), ways.on, ways.text, waiting or 0)
