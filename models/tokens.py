"""Tokens of the API: what a program may read in a colleague's name, in one workspace, until when."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key
from models.permissions import Permission
from models.problems import BadValue

LONGEST_NAME = 60
DAYS = (30, 90, 365)
"""How many days a token may last."""


class Reach(StrEnum):
    """One thing that a token may be good for."""

    FIGURES = "figures"
    QUEUE = "queue"
    ACCOUNTS = "accounts"


OPENS = {
    Reach.FIGURES: Permission.REPORT,
    Reach.QUEUE: Permission.READ,
    Reach.ACCOUNTS: Permission.VIEW_ACCOUNTS,
}
"""The permission that each needs of its owner, and gives to the token while the owner holds it."""


class ApiToken(Base, kw_only=True):
    """A token. Only its hash is kept; revoked and ended ones stay for the record."""

    __tablename__ = "api_token"
    __table_args__ = (Index(None, "token_hash", unique=True), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(repr=False)
    reach: Mapped[list[str]] = mapped_column(Json)
    created: Mapped[datetime]
    until: Mapped[datetime]
    last_used: Mapped[datetime | None] = mapped_column(default=None)
    revoked: Mapped[datetime | None] = mapped_column(default=None)


def check_token(name: str, reach: Collection[str], days: int) -> tuple[str, list[str], timedelta]:
    """The name without outer blanks, what it is good for in order, and how long. Raises ``BadValue``."""
    kept = " ".join(name.split())
    if not kept or len(kept) > LONGEST_NAME or not kept.isprintable():
        raise BadValue("name of the token", f"say what will use it, in at most {LONGEST_NAME} characters")
    if not reach or not set(reach) <= set(Reach):
        raise BadValue("token", "choose what it may read")
    if days not in DAYS:
        raise BadValue("token", f"choose how long it lasts: {', '.join(map(str, DAYS))} days")
    return kept, sorted(set(reach)), timedelta(days=days)


def opened_by(reach: Collection[str]) -> frozenset[Permission]:
    """What these let a token do, where its owner may."""
    return frozenset(OPENS[one] for one in Reach if one in reach)
