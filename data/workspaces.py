"""What a workspace decides for itself, changed from its pages; and new workspaces that start as another one is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select

from data.administration import SLUG, add_workspace, slug_of
from data.audit import Change, actor_of, change
from data.configuration import apply_configuration, check_zone, read_configuration
from data.database import Database
from models.configuration import Configuration, zone_of
from models.conversation import Conversation, Episode, Message, Turn
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound, NotPermitted
from models.retention import RetentionRule
from models.templates import Template
from models.workspace import CalendarRow, Grade, Outcome, Rule, TargetTime, Topic, Workspace

LONGEST = 100
"""Characters of a workspace's name, an outcome and a topic."""
MOST_AT_ONCE = 50
LEFT_OUT = ("accounts",)
"""Sections that a new workspace does not take over: an account belongs to one workspace."""


def change_workspace(
    database: Database,
    scope: Scope,
    *,
    name: str,
    zone: str,
    gap: timedelta,
    aim: float,
    retention_days: int | None,
    at: datetime,
) -> None:
    """What the workspace is called and how it counts. Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    zone = zone_of(zone)
    if not name.strip() or len(name) > LONGEST:
        raise BadValue("name", f"give the name people read, at most {LONGEST} characters")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get_one(Workspace, scope.workspace_id)
        check_zone(c.db, scope.workspace_id, zone)
        before = _facts(row)
        row.name, row.zone, row.aim, row.retention_days = name.strip(), zone, aim, retention_days
        row.gap_seconds = int(gap.total_seconds())
        if before != (after := _facts(row)):
            c.state("change", "workspace", row.id, before=before, after=after)


def make_workspaces(
    database: Database, scope: Scope, names: Sequence[str], source: int | None, at: datetime
) -> list[tuple[str, str]]:
    """New workspaces, all as the workspace ``source`` is (None: as the program ships one); (slug, name) of each.

    Accounts and people are not taken over. All are made or none. Raises ``BadValue``, ``NotFound``, and ``NotPermitted`` for
    whoever is not the installation administrator.
    """
    if not scope.installation:
        raise NotPermitted("make workspaces")
    wanted = [" ".join(name.split()) for name in names if name.strip()]
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise BadValue("names", f"give one name a line, at most {MOST_AT_ONCE}")
    made, changes = [], []
    with database.write() as db:
        pattern = read_configuration(db, source) if source is not None else None
        for name in wanted:
            slug = _free_slug(db, name)
            zone = pattern["workspace"]["zone"] if pattern else "Europe/London"
            _, filled = add_workspace(db, database.audit_key, slug, name[:LONGEST], at, actor_of(scope), zone)
            if pattern is not None:
                _start_as(filled, pattern)
            filled.finish()
            made.append((slug, name))
            changes.append(filled)
    for one in changes:
        database.announce(one.workspace_id, one.revision or 0)
    return made


def add_word(database: Database, scope: Scope, kind: str, word: str, at: datetime, *, left_out: bool = False) -> int:
    """A new ``outcome`` or ``topic``; returns its key. Raises ``BadValue``."""
    scope.require(Permission.ADMINISTER)
    entity = KINDS[kind]
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        facts: dict[str, Any] = {"word": _checked(c, entity, word, 0)}
        if entity is Outcome:
            facts["left_out"] = left_out
        row = entity(workspace_id=scope.workspace_id, audit_id=c.audit_id, **facts)
        c.db.add(row)
        c.db.flush()
        c.state("create", kind, row.id, after=facts)
        key: int = row.id
    return key


def change_word(database: Database, scope: Scope, kind: str, key: int, word: str, at: datetime) -> str:
    """Another word for an outcome or topic, also where it was given before; returns the old one. Raises ``BadValue``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c, KINDS[kind], key)
        before = str(row.word)
        row.word = _checked(c, KINDS[kind], word, key)
        if row.word != before:
            c.state("change", kind, key, before={"word": before}, after={"word": row.word})
    return before


def remove_word(database: Database, scope: Scope, kind: str, key: int, at: datetime) -> str:
    """The outcome or topic is gone; returns its word. Raises ``BadValue`` where it was ever used, and ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c, KINDS[kind], key)
        if c.db.scalar(select(used(kind, key, scope.workspace_id))):
            raise BadValue(kind, "it was used: give it another word instead, so that what happened stays readable")
        word = str(row.word)
        facts = {"word": word} | ({"left_out": row.left_out} if kind == "outcome" else {})
        c.db.delete(row)
        c.state("delete", kind, key, before=facts)
    return word


def used(kind: str, key: Any, home: int) -> Any:
    """Whether anything rests on the outcome or topic: a condition for a query; ``key`` may be a column."""
    resting: dict[str, tuple[Any, ...]] = {
        "topic": (Message.topic_id, Conversation.topic_id, RetentionRule.topic_id),
        "outcome": (Turn.outcome_id, Episode.outcome_id, RetentionRule.outcome_id),
    }
    return or_(*(exists().where(one.class_.workspace_id == home, one == key) for one in resting[kind]))


SHIPPED: tuple[Any, ...] = (TargetTime, Grade, Outcome, Topic, Rule, CalendarRow, Template)
KINDS: dict[str, Any] = {"outcome": Outcome, "topic": Topic}


def _facts(row: Workspace) -> dict[str, Any]:
    return {
        "name": row.name,
        "zone": row.zone,
        "gap_seconds": row.gap_seconds,
        "aim": row.aim,
        "retention_days": row.retention_days,
    }


def _start_as(filled: Change, pattern: Configuration) -> None:
    """What the program ships makes room: in one change a row is written once, so nothing of it is changed."""
    current = read_configuration(filled.db, filled.workspace_id)
    for entity in SHIPPED:
        filled.db.execute(delete(entity).where(entity.workspace_id == filled.workspace_id))
    filled.db.expire_all()
    empty = {name: part if name == "workspace" else [] for name, part in current.items()}
    apply_configuration(filled, empty, pattern | dict.fromkeys(LEFT_OUT, []))


def _free_slug(db: Any, name: str) -> str:
    slug = slug_of(name)[:60].strip("-") or "workspace"
    if not SLUG.fullmatch(slug):
        raise BadValue("names", f"“{name[:40]}” holds nothing that an address can be made of")
    if db.scalar(select(Workspace.id).where(Workspace.slug == slug)) is not None:
        raise BadValue("names", f"“{name[:40]}” is called like a workspace there is")
    return slug


def _row(c: Change, entity: Any, key: int) -> Any:
    row = c.db.get(entity, key)
    if row is None or row.workspace_id != c.workspace_id:
        raise NotFound
    return row


def _checked(c: Change, entity: Any, word: str, key: int) -> str:
    found = " ".join(word.split())
    if not found or len(found) > LONGEST:
        raise BadValue("word", f"give one of at most {LONGEST} characters")
    taken = select(entity.id).where(
        entity.workspace_id == c.workspace_id, func.lower(entity.word) == found.casefold(), entity.id != key
    )
    if c.db.scalar(taken) is not None:
        raise BadValue("word", "there is one called that")
    return found
