"""What somebody has begun to write, and has not handed in: kept by person and conversation, for that person alone."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, within


class Draft(Base, kw_only=True):
    """An unfinished reply. No event: nobody decided anything yet, and it goes with its sending."""

    __tablename__ = "draft"
    __table_args__ = (within("conversation", "conversation_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(repr=False)
    kind: Mapped[str]
    at: Mapped[datetime]
