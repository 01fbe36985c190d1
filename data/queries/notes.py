"""Notes on conversations, each in its place, with what it said before."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.notes import colleagues
from models.notes import Note, NoteVersion, mentioned
from models.people import User
from models.permissions import Scope
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
