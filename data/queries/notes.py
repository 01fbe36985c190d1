"""Notes on conversations, each in its place, with what it said before."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.notes import colleagues
from models.notes import Note, NoteVersion, mentioned
from models.people import User
from models.permissions import Permission, Scope
from models.problems import NotAuthor, NotFound
from models.snapshots.cases import Colleague, NoteVersionMark, ThreadNote

MOST = 200
"""Notes of one thread that are shown, the newest."""


def notes_of(
    db: Session, workspace_id: int, conversation_ids: Collection[int], reader: int | None
) -> list[tuple[int, ThreadNote]]:
    """The notes on these conversations with the key of each one's conversation, oldest first."""
    rows = db.execute(
        select(Note, User.name)
        .join(User, User.id == Note.author_id)
        .where(Note.workspace_id == workspace_id, Note.conversation_id.in_(list(conversation_ids)))
        .order_by(Note.written.desc(), Note.id.desc())
        .limit(MOST)
    ).all()
    if not rows:
        return []
    earlier = _earlier(db, [note.id for note, _ in rows if note.corrected is not None])
    people = colleagues(db, workspace_id)
    return [(note.conversation_id, _shown(note, name, earlier, people, reader)) for note, name in reversed(rows)]


def notes_in(db: Session, scope: Scope, places: Mapping[int, str]) -> tuple[ThreadNote, ...]:
    """The notes of a thread; ``places`` names the account of each of its conversations, where there are several."""
    found = notes_of(db, scope.workspace_id, places, scope.user_id)
    return tuple(replace(note, place=places[key]) for key, note in found)


def colleagues_of(db: Session, workspace_id: int) -> tuple[Colleague, ...]:
    """Everybody whom a note may call to a conversation, by name."""
    return tuple(Colleague(key, sign_in, name) for sign_in, (key, name) in colleagues(db, workspace_id).items())


def colleagues_here(database: Database, scope: Scope) -> tuple[Colleague, ...]:
    """Everybody whom a note of this workspace may call to a conversation. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        return colleagues_of(db, scope.workspace_id)


def own_note(database: Database, scope: Scope, note_id: int) -> tuple[int, ThreadNote]:
    """A note that the person wrote, with the key of its conversation.

    Raises ``NotAuthor`` for a colleague's, ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        wanted = select(Note.conversation_id).where(Note.workspace_id == scope.workspace_id, Note.id == note_id)
        conversation_id = db.scalar(wanted)
        found = notes_of(db, scope.workspace_id, [conversation_id or 0], scope.user_id)
    note = next((one for _, one in found if one.id == note_id), None)
    if conversation_id is None or note is None:
        raise NotFound
    if not note.mine:
        raise NotAuthor
    return conversation_id, note


def _shown(
    note: Note, author: str, earlier: Any, people: Mapping[str, tuple[int, str]], reader: int | None
) -> ThreadNote:
    named = set(mentioned(note.text, {sign_in: key for sign_in, (key, _) in people.items()}))
    return ThreadNote(
        id=note.id,
        author=author,
        mine=note.author_id == reader,
        text=note.text,
        written=note.written,
        corrected=note.corrected,
        struck=note.struck,
        earlier=earlier.get(note.id, ()),
        named=tuple(Colleague(key, sign_in, name) for sign_in, (key, name) in people.items() if key in named),
    )


def _earlier(db: Session, note_ids: list[int]) -> dict[int, tuple[NoteVersionMark, ...]]:
    found: dict[int, tuple[NoteVersionMark, ...]] = {}
    if note_ids:
        rows = db.scalars(
            select(NoteVersion).where(NoteVersion.note_id.in_(note_ids)).order_by(NoteVersion.at, NoteVersion.id)
        )
        for row in rows:
            found[row.note_id] = (*found.get(row.note_id, ()), NoteVersionMark(row.text, row.at))
    return found
