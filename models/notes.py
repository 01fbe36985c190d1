"""What colleagues say among themselves on a conversation, whom they call to it, and the flags they set.

A note is never silently changed: what it said before stays as an earlier version, and one that was struck out stays in its
place. Its text may be erased later; events hold only a digest of it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.people import fold_sign_in
from models.problems import AlreadyStruck, BadValue, NotAuthor

LONGEST_NOTE = 4_000
"""Characters of one note."""
MENTION = "mention"
"""The kind of notification that a note with somebody's name in it makes."""

_MENTIONED = re.compile(r"(?<![\w@.])@([^\s@]{1,100})")
_AFTER_A_NAME = ".,;:!?)]}'\"’”"


class Note(Owned, Audited, Base, kw_only=True):
    """Said among colleagues on a conversation. ``text`` is what it says now; ``note_version`` holds what it said before."""

    __tablename__ = "note"
    __table_args__ = (
        *owned(("conversation", "conversation_id")),
        ForeignKeyConstraint(["author_id"], ["user.id"]),
        Index("ix_note_conversation", "conversation_id", "written"),
    )

    conversation_id: Mapped[int]
    author_id: Mapped[int]
    text: Mapped[str] = mapped_column(repr=False)
    written: Mapped[datetime]
    corrected: Mapped[datetime | None] = mapped_column(default=None)
    struck: Mapped[datetime | None] = mapped_column(default=None)

    def correct(self, by: int, said: str, at: datetime) -> None:
        """It says something else from now on. Raises ``NotAuthor`` and ``AlreadyStruck``."""
        self._only(by)
        self.text, self.corrected = said, at

    def strike(self, by: int, at: datetime) -> None:
        """It no longer holds; it stays in its place, struck out. Raises ``NotAuthor`` and ``AlreadyStruck``."""
        self._only(by)
        self.struck = at

    def _only(self, by: int) -> None:
        if by != self.author_id:
            raise NotAuthor
        if self.struck is not None:
            raise AlreadyStruck


class NoteVersion(Owned, Audited, Base, kw_only=True):
    """What a note said before it was corrected; ``at`` is when it was written so."""

    __tablename__ = "note_version"
    __table_args__ = (*owned(("note", "note_id")), Index("ix_note_version_note", "note_id"))

    note_id: Mapped[int]
    text: Mapped[str] = mapped_column(repr=False)
    at: Mapped[datetime]


class Notification(Owned, Audited, Base, kw_only=True):
    """Tells a colleague of something on a conversation. ``kind`` says what; a mention names its note."""

    __tablename__ = "notification"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("note", "note_id")),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        ForeignKeyConstraint(["by_id"], ["user.id"]),
        Index("ix_notification_user", "workspace_id", "user_id", "at"),
        Index(
            "ix_notification_unread",
            "workspace_id",
            "user_id",
            sqlite_where=text("read IS NULL"),
            postgresql_where=text("read IS NULL"),
        ),
    )

    user_id: Mapped[int]
    kind: Mapped[str]
    conversation_id: Mapped[int]
    note_id: Mapped[int | None] = mapped_column(default=None)
    by_id: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[datetime]
    read: Mapped[datetime | None] = mapped_column(default=None)


class Flag(Owned, Audited, Base, kw_only=True):
    """A word that people of a workspace may flag a conversation with."""

    __tablename__ = "flag"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "word"))

    word: Mapped[str]


def check_note(said: str) -> str:
    """The text without outer blanks. Raises ``BadValue`` for nothing, and for more than ``LONGEST_NOTE`` characters."""
    kept = said.replace("\0", "").strip()
    if not kept:
        raise BadValue("note", "write something first")
    if len(kept) > LONGEST_NOTE:
        raise BadValue("note", f"it has {len(kept):,} characters; at most {LONGEST_NOTE:,} fit")
    return kept


def mentioned(said: str, colleagues: Mapping[str, int]) -> tuple[int, ...]:
    """The keys of those whose sign-in name stands after an @, each once, in the order in which they are named.

    A sign that ends a sentence is no part of a name, unless a colleague is called so.
    """
    found = (_named(word, colleagues) for word in _MENTIONED.findall(said))
    return tuple(dict.fromkeys(key for key in found if key is not None))


def _named(word: str, colleagues: Mapping[str, int]) -> int | None:
    for name in (word, word.rstrip(_AFTER_A_NAME)):
        key = colleagues.get(fold_sign_in(name))
        if key is not None:
            return key
    return None


def with_flag(flags: Iterable[str] | None, word: str) -> list[str]:
    """The flags with one more; the order is that of setting."""
    return [*(one for one in flags or () if one != word), word]


def without_flag(flags: Iterable[str] | None, word: str) -> list[str] | None:
    """The flags without one; None where none is left."""
    return [one for one in flags or () if one != word] or None
