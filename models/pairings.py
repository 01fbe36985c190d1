"""Screens that wait to be paired: each shows a code, and an administrator who types it makes the screen a kiosk."""

from datetime import datetime, timedelta

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

CODE_LASTS = timedelta(minutes=15)


class Pairing(Base, kw_only=True):
    """A code that one screen shows. The token that the screen keeps is known by its hash alone; nothing of anybody."""

    __tablename__ = "pairing"
    __table_args__ = (Index(None, "token_hash", unique=True),)

    code: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(repr=False)
    expires: Mapped[datetime]
