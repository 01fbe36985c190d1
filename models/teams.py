"""How a team works: its hours, how much one member holds at once, and who is given its work where nobody is named."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, within


class TeamPractice(Audited, Base, kw_only=True):
    """``hours`` are weekly windows as a calendar's version keeps them (None: as the workspace); ``capacity`` counts
    conversations that one member holds at once.
    """

    __tablename__ = "team_practice"
    __table_args__ = (within("audit_event", "audit_id"), within("team", "team_id"))

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hours: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    capacity: Mapped[int | None] = mapped_column(default=None)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)
