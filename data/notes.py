"""Notes among colleagues: written, corrected and struck out by their author, and told to whom they name.

One change, one event: a text stands in it only as a digest.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from models.notes import MENTION, Note, NoteVersion, Notification, check_note, mentioned
from models.people import Membership, Role, User
from models.permissions import Permission, Scope, rights_of
from models.problems import NotFound


def add_note(database: Database, scope: Scope, conversation_id: int, text: str, at: datetime) -> int:
    """Say something on a conversation; returns the note's key. Whom it names is told, but for the author.

    Raises ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    said = check_note(text)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        locked(c.db, scope, conversation_id)
        note = Note(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            conversation_id=conversation_id,
            author_id=user_id,
            text=said,
            written=at,
        )
        c.db.add(note)
        c.db.flush()
        told = _tell(c, note, ())
        stated = {"note": note.id, "text": c.digest(said), "told": told}
        c.state("note", "conversation", conversation_id, after=stated)
    return note.id


def correct_note(database: Database, scope: Scope, note_id: int, text: str, at: datetime) -> None:
    """It says something else from now on; what it said before is kept. The same text again changes nothing.

    Raises ``NotAuthor``, ``AlreadyStruck``, ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    said = check_note(text)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        note = _note(c.db, scope.workspace_id, note_id)
        before, since = note.text, note.corrected or note.written
        if said == before and note.author_id == user_id:
            return
        note.correct(user_id, said, at)
        home = {"workspace_id": scope.workspace_id, "audit_id": c.audit_id}
        c.db.add(NoteVersion(note_id=note_id, text=before, at=since, **home))
        told = _tell(c, note, _told(c.db, note_id))
        c.state(
            "note.correct",
            "conversation",
            note.conversation_id,
            before={"note": note_id, "text": c.digest(before)},
            after={"note": note_id, "text": c.digest(said), "told": told},
        )


def strike_note(database: Database, scope: Scope, note_id: int, at: datetime) -> None:
    """It no longer holds; it stays where it is, struck out.

    Raises ``NotAuthor``, ``AlreadyStruck``, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        note = _note(c.db, scope.workspace_id, note_id)
        note.strike(user_id, at)
        about = {"note": note_id, "text": c.digest(note.text)}
        c.state("note.strike", "conversation", note.conversation_id, before=about, after={"note": note_id})


def mark_read(database: Database, scope: Scope, notification_ids: Collection[int], at: datetime) -> int:
    """The person has seen these notifications of theirs; those of others are not touched. Returns how many were new.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    return _read(database, scope, Notification.id.in_(list(notification_ids)), at)


def mark_shown(database: Database, scope: Scope, note_ids: Collection[int], at: datetime) -> int:
    """The person's screen showed these notes: what called them to one is read. Otherwise like ``mark_read``."""
    return _read(database, scope, Notification.note_id.in_(list(note_ids)), at) if note_ids else 0


def _read(database: Database, scope: Scope, which: ColumnElement[bool], at: datetime) -> int:
    user_id = person_of(scope, Permission.READ)
    wanted = select(Notification).where(
        Notification.workspace_id == scope.workspace_id,
        Notification.user_id == user_id,
        which,
        Notification.read.is_(None),
    )
    with database.read() as db:
        if db.scalar(wanted.limit(1)) is None:
            return 0
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        unread = list(c.db.scalars(wanted.with_for_update()))
        for one in unread:
            one.read = at
        if unread:
            c.state("notification.read", "user", user_id, after={"notifications": [one.id for one in unread]})
    return len(unread)


def colleagues(db: Session, workspace_id: int) -> Mapping[str, tuple[int, str]]:
    """Key and name of everybody who may read in this workspace, by sign-in name: the people a note may call to it."""
    rows = db.execute(
        select(User.sign_in, User.id, User.name, Role.name, Role.permissions, Role.built_in)
        .join(Membership, Membership.user_id == User.id)
        .join(Role, (Role.id == Membership.role_id) & (Role.workspace_id == Membership.workspace_id))
        .where(Membership.workspace_id == workspace_id, User.disabled.is_(False))
        .order_by(User.name, User.sign_in)
    )
    return {sign_in: (key, name) for sign_in, key, name, *role in rows if Permission.READ in rights_of(*role)}


def notify(c: Change, kind: str, user_ids: Collection[int], conversation_id: int, note_id: int | None = None) -> None:
    """Tell colleagues of something on a conversation, within the change that makes it so; nobody is told of their own."""
    for user_id in user_ids:
        if user_id != c.actor.user_id:
            told = Notification(
                workspace_id=c.workspace_id,
                audit_id=c.audit_id,
                user_id=user_id,
                kind=kind,
                conversation_id=conversation_id,
                note_id=note_id,
                by_id=c.actor.user_id,
                at=c.at,
            )
            c.db.add(told)


def _tell(c: Change, note: Note, already: Collection[int]) -> list[int]:
    """Notify whom the note names and who was not told of it before; returns their keys."""
    known = {sign_in: key for sign_in, (key, _) in colleagues(c.db, c.workspace_id).items()}
    fresh = [key for key in mentioned(note.text, known) if key not in already and key != c.actor.user_id]
    notify(c, MENTION, fresh, note.conversation_id, note.id)
    return fresh


def _told(db: Session, note_id: int) -> set[int]:
    return set(db.scalars(select(Notification.user_id).where(Notification.note_id == note_id)))


def _note(db: Session, workspace_id: int, note_id: int) -> Note:
    found = db.scalar(select(Note).where(Note.workspace_id == workspace_id, Note.id == note_id).with_for_update())
    if found is None:
        raise NotFound
    return found
