"""The saved views of the demonstration: what its supervisors share with those at the desk."""

from datetime import datetime

from sqlalchemy import bindparam, select

from data.audit import change
from data.database import Database
from models.audit import Actor
from models.people import Role
from models.views import SavedView
from models.workspace import Topic

SHARED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("Repeat contacts", {"flag": "repeat"}, ""),
    ("With pictures", {"flag": "media"}, ""),
    ("Fire, last 24 hours", {"view": "open", "when": "24h"}, "Fire and fire safety"),
)
"""Name, filters, and a topic by its word."""
ROLES = ("Operator", "Supervisor")
_ROLES = select(Role.name, Role.id).where(Role.workspace_id == bindparam("home"))
_TOPICS = select(Topic.word, Topic.id).where(Topic.workspace_id == bindparam("home"))


def share_views(database: Database, workspace_id: int, owner_id: int, at: datetime, actor: Actor) -> None:
    """Each view once for the operators and once for the supervisors."""
    with change(database, workspace_id, actor, at) as c:
        roles = {row.name: row.id for row in c.db.execute(_ROLES, {"home": workspace_id})}
        topics = {row.word: row.id for row in c.db.execute(_TOPICS, {"home": workspace_id})}
        for role in ROLES:
            for name, filters, topic in SHARED:
                kept = filters | ({"topic": str(topics[topic])} if topic in topics else {})
                c.db.add(
                    SavedView(
                        workspace_id=workspace_id,
                        audit_id=c.audit_id,
                        name=name,
                        filters=kept,
                        user_id=owner_id,
                        role_id=roles[role],
                    )
                )
        c.state("share", "view", after={"views": [name for name, _, _ in SHARED]})
