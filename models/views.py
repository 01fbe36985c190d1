"""Saved views of the queue: filters with a name, one's own or shared with a role."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned
from models.problems import BadValue

LONGEST_NAME = 40
MOST_VIEWS = 30
"""Views that one person may see in a workspace: each is counted whenever the queue is drawn."""


class SavedView(Owned, Audited, Base, kw_only=True):
    """Filters of the queue under a name. ``role_id`` is whom it is shared with; without one it is its maker's alone."""

    __tablename__ = "saved_view"
    __table_args__ = (
        *owned(("role", "role_id")),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        Index(None, "workspace_id", "user_id"),
        Index(None, "workspace_id", "role_id"),
    )

    name: Mapped[str]
    filters: Mapped[Any] = mapped_column(Json)
    user_id: Mapped[int]
    role_id: Mapped[int | None] = mapped_column(default=None)


def view_name(text: object) -> str:
    """The name of a view as it is kept. Raises ``BadValue``."""
    name = " ".join(text.split()) if isinstance(text, str) else ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadValue("name", f"give the view a name of at most {LONGEST_NAME} characters")
    return name
