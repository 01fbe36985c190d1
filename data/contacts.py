"""The people outside that one fetched page names: found again or met for the first time, and called as they were last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from data.ids import Ids
from models.conversation import Contact
from models.posts import Author

_KNOWN = select(Contact.__table__).where(
    Contact.workspace_id == bindparam("workspace_id"),
    Contact.channel == bindparam("channel"),
    Contact.network_id.in_(bindparam("network_ids", expanding=True)),
)


@dataclass(slots=True)
class Met:
    """A contact in hand. ``named_at`` is when the post was sent that gave the handle and the name."""

    id: int
    author: Author
    named_at: datetime
    first_seen: datetime
    new: bool = False
    changed: bool = False

    def meet(self, author: Author, sent: datetime, at: datetime) -> None:
        """Seen in a post sent at ``sent``, of a version made ``at``: the first post's time and the latest name stand.

        A name that tells more goes before a later one that tells less: a network may give no more than the id.
        """
        if sent < self.first_seen:
            self.first_seen, self.changed = sent, True
        if _worth(author, at) > _worth(self.author, self.named_at):
            self.author, self.named_at, self.changed = author, at, True

    def values(self) -> dict[str, Any]:
        """The columns that may change."""
        return {
            "handle": self.author.handle,
            "name": self.author.name,
            "followers": self.author.followers,
            "first_seen": self.first_seen,
            "named_at": self.named_at,
        }


def _worth(author: Author, at: datetime) -> tuple[Any, ...]:
    """Orders what posts say of their author, the same whatever came first; the end only settles ties."""
    followers = -1 if author.followers is None else author.followers
    return bool(author.name) + bool(author.handle), at, author.name, author.handle, followers


class Contacts:
    """The contacts of one page, by the network's id."""

    def __init__(self, db: Session, workspace_id: int, channel: str, ids: Ids) -> None:
        self._db = db
        self._place = {"workspace_id": workspace_id, "channel": channel}
        self._ids = ids
        self._met: dict[str, Met] = {}

    def recall(self, authors: Iterable[Author]) -> None:
        """Find those among ``authors`` who are known."""
        network_ids = sorted({author.network_id for author in authors})
        if not network_ids:
            return
        for row in self._db.execute(_KNOWN, {**self._place, "network_ids": network_ids}):
            author = Author(row.network_id, row.handle, row.name, row.followers)
            self._met[row.network_id] = Met(row.id, author, row.named_at, row.first_seen)

    def meet(self, author: Author, sent: datetime, at: datetime) -> int:
        """The contact's key; ``recall`` must have been asked for this author."""
        met = self._met.get(author.network_id)
        if met is None:
            met = self._met[author.network_id] = Met(self._ids.one(Contact), author, at, sent, new=True)
        else:
            met.meet(author, sent, at)
        return met.id

    def fresh(self) -> list[dict[str, Any]]:
        """Rows of those met for the first time."""
        return [
            {"id": met.id, "channel": self._place["channel"], "network_id": met.author.network_id, **met.values()}
            for met in self._met.values()
            if met.new
        ]

    def changed(self) -> list[dict[str, Any]]:
        """New values of those who were known."""
        return [{"key": met.id, **met.values()} for met in self._met.values() if met.changed and not met.new]
