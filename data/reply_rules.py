"""What a workspace decides about its replies: templates, words it never sends, grades whose replies two people see.

Each function is one change with one event. Templates and words are retired, never deleted: what was offered then is known.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.database import Database
from models.audit import Actor
from models.disclosure import BlockedWord, checked_word
from models.problems import BadValue, NotFound
from models.templates import Template, checked
from models.workspace import Grade, Workspace

TEMPLATES = Path(__file__).parent / "samples" / "templates.json"
"""The templates a new workspace begins with."""
LANGUAGES = ("en", "cy", "pl", "ur", "pa", "ro", "ar", "bn", "gu", "pt")
UPGRADE = Actor("upgrade")


def create_template(
    database: Database, workspace_id: int, name: str, text: str, at: datetime, actor: Actor, language: str = "en"
) -> int:
    """A new template, the last in the list; returns its key. Raises ``BadValue``."""
    name, text = checked(name, text)
    _known(language)
    with change(database, workspace_id, actor, at) as c:
        _is_free(c.db, workspace_id, name, None)
        last = c.db.scalar(select(func.max(Template.position)).where(Template.workspace_id == workspace_id)) or 0
        row = _added(c, name, text, language, last + 1)
        c.db.flush()
        c.state("template.create", "template", row.id, after=_stated(row))
    return row.id


def change_template(
    database: Database, workspace_id: int, template_id: int, name: str, text: str, at: datetime, actor: Actor
) -> None:
    """Other words for a template. What was sent with the old ones stays as it was. Raises ``BadValue`` and ``NotFound``."""
    name, text = checked(name, text)
    with change(database, workspace_id, actor, at) as c:
        row = _template(c.db, workspace_id, template_id)
        _is_free(c.db, workspace_id, name, template_id)
        before = _stated(row)
        row.name, row.text = name, text
        c.state("template.change", "template", template_id, before=before, after=_stated(row))


def retire_template(database: Database, workspace_id: int, template_id: int, at: datetime, actor: Actor) -> None:
    """Offer it to nobody any more. One that is retired already stays so. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        row = _template(c.db, workspace_id, template_id)
        if row.retired is not None:
            return
        row.retired = at
        c.state("template.retire", "template", template_id, before=_stated(row))


def restore_template(database: Database, workspace_id: int, template_id: int, at: datetime, actor: Actor) -> None:
    """Offer a retired one again. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        row = _template(c.db, workspace_id, template_id)
        if row.retired is None:
            return
        row.retired = None
        c.state("template.restore", "template", template_id, after=_stated(row))


def templates(db: Session, workspace_id: int, retired: bool = False) -> list[Template]:
    """The templates on offer, or those that are retired, in their order."""
    gone = Template.retired.is_not(None) if retired else Template.retired.is_(None)
    wanted = select(Template).where(Template.workspace_id == workspace_id, gone)
    return list(db.scalars(wanted.order_by(Template.position, Template.id)))


def block_word(database: Database, workspace_id: int, word: str, at: datetime, actor: Actor) -> int:
    """No reply may hold this word or phrase from now on; returns its key. Raises ``BadValue``."""
    word = checked_word(word)
    with change(database, workspace_id, actor, at) as c:
        known = c.db.scalars(select(BlockedWord).where(BlockedWord.workspace_id == workspace_id))
        row = next((one for one in known if one.word.casefold() == word.casefold()), None)
        if row is None:
            row = BlockedWord(workspace_id=workspace_id, word=word, audit_id=c.audit_id)
            c.db.add(row)
            c.db.flush()
        elif row.retired is None:
            return row.id
        else:
            row.retired = None
        c.state("blocked word.add", "blocked_word", row.id, after={"word": row.word})
    return row.id


def unblock_word(database: Database, workspace_id: int, word: str, at: datetime, actor: Actor) -> None:
    """Replies may hold it again. Raises ``NotFound`` where it is not blocked."""
    with change(database, workspace_id, actor, at) as c:
        wanted = select(BlockedWord).where(BlockedWord.workspace_id == workspace_id, BlockedWord.retired.is_(None))
        row = next((one for one in c.db.scalars(wanted) if one.word.casefold() == word.strip().casefold()), None)
        if row is None:
            raise NotFound
        row.retired = at
        c.state("blocked word.remove", "blocked_word", row.id, before={"word": row.word})


def blocked_words(db: Session, workspace_id: int) -> list[str]:
    """The words that no reply may hold."""
    wanted = select(BlockedWord.word).where(BlockedWord.workspace_id == workspace_id, BlockedWord.retired.is_(None))
    return list(db.scalars(wanted.order_by(BlockedWord.word)))


def set_approval(database: Database, workspace_id: int, grade: str, needed: bool, at: datetime, actor: Actor) -> None:
    """Whether replies to conversations of this grade (its key) need a second person. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        row = c.db.scalar(select(Grade).where(Grade.workspace_id == workspace_id, Grade.key == grade))
        if row is None:
            raise NotFound
        if row.needs_approval == needed:
            return
        row.needs_approval = needed
        before, after = {"needs approval": not needed}, {"needs approval": needed}
        c.state("grade.approval", "grade", row.id, before=before, after=after)


def fill_templates(c: Change) -> None:
    """The templates that a workspace begins with, in the caller's change."""
    for position, one in enumerate(json.loads(TEMPLATES.read_text("utf-8")), start=1):
        _added(c, *checked(one["name"], one["text"]), one["language"], position)


def furnish(database: Database, at: datetime) -> int:
    """Give the shipped templates to every workspace that never had any; returns to how many. May run again."""
    had = select(Template.id).where(Template.workspace_id == Workspace.id).exists()
    with database.read() as db:
        homes = list(db.scalars(select(Workspace.id).where(~had).order_by(Workspace.id)))
    for home in homes:
        with change(database, home, UPGRADE, at) as c:
            fill_templates(c)
            c.state("template.furnish", "workspace", home)
    return len(homes)


def _added(c: Change, name: str, text: str, language: str, position: int) -> Template:
    row = Template(
        workspace_id=c.workspace_id, audit_id=c.audit_id, name=name, text=text, language=language, position=position
    )
    c.db.add(row)
    return row


def _template(db: Session, workspace_id: int, template_id: int) -> Template:
    wanted = select(Template).where(Template.workspace_id == workspace_id, Template.id == template_id)
    found = db.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found


def _is_free(db: Session, workspace_id: int, name: str, but: int | None) -> None:
    wanted = select(Template.id, Template.name).where(Template.workspace_id == workspace_id)
    for row in db.execute(wanted):
        if row.id != but and row.name.casefold() == name.casefold():
            raise BadValue("template", "choose another name: it is taken, perhaps by one that is retired")


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise BadValue("language", f"give one of {', '.join(LANGUAGES)}")


def _stated(row: Template) -> dict[str, Any]:
    """A template is a workspace's own text and nobody's personal data: it stands in clear."""
    return {"name": row.name, "text": row.text, "language": row.language}
