"""What a configuration file would change."""

from datetime import datetime

from data.configuration import export_configuration, plan_import
from data.database import Database
from data.people import workspace_mark
from models.permissions import Permission, Scope
from models.snapshots.admin import ConfigurationPage, Difference


def configuration(database: Database, scope: Scope, *, shown: bool = False) -> ConfigurationPage:
    """The tab before a file is given; ``shown``: with the present configuration as text."""
    scope.require(Permission.ADMINISTER)
    mark = workspace_mark(database, scope.workspace_id)
    return ConfigurationPage(mark, export_configuration(database, scope) if shown else "")


def compared(database: Database, scope: Scope, text: str, at: datetime) -> ConfigurationPage:
    """The same with every line that the file would change. Raises ``BadValue`` for a file that cannot be taken."""
    found = plan_import(database, scope, text, at)
    return ConfigurationPage(
        workspace_mark(database, scope.workspace_id), text, tuple(Difference(*one) for one in found)
    )
