"""How long conversations are kept: a workspace's rules, first fit first, and its own figure for everything else."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select, true
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from models.conversation import Conversation, Episode
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.retention import EVERYTHING_ELSE, RetentionRule, checked_rule, cutoff
from models.workspace import Outcome, Topic, Workspace

MOST_RULES = 50


def add_rule(database: Database, scope: Scope, given: dict[str, Any], at: datetime) -> int:
    """One more rule, after the others; returns its key. Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    line = checked_rule(given)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        lines = read_rules(c.db, c.workspace_id)
        if any(one["name"].casefold() == line["name"].casefold() for one in lines):
            raise BadValue("name", "there is a rule called that")
        if len(lines) >= MOST_RULES:
            raise BadValue("rules", f"at most {MOST_RULES}")
        write_rules(c, [*lines, line])
        c.db.flush()
        row = next(one for one in rules_of(c.db, c.workspace_id) if one.name == line["name"])
        c.state("create", "retention_rule", row.id, after=line)
    return row.id


def remove_rule(database: Database, scope: Scope, rule_id: int, at: datetime) -> dict[str, Any]:
    """The rule is gone: later ones, or everything else, decide. Returns what it was. Raises ``NotFound``."""
    return _moved(database, scope, rule_id, at, "delete", lambda lines, place: lines.pop(place))


def raise_rule(database: Database, scope: Scope, rule_id: int, at: datetime) -> dict[str, Any]:
    """The rule decides before the one above it. Raises ``NotFound``, also for the first one."""

    def up(lines: list[dict[str, Any]], place: int) -> dict[str, Any]:
        if place == 0:
            raise NotFound
        lines[place - 1], lines[place] = lines[place], lines[place - 1]
        return lines[place - 1]

    return _moved(database, scope, rule_id, at, "change", up)


def _moved(database: Database, scope: Scope, rule_id: int, at: datetime, action: str, move: Any) -> dict[str, Any]:
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        keys = [row.id for row in rules_of(c.db, c.workspace_id)]
        if rule_id not in keys:
            raise NotFound
        lines = read_rules(c.db, c.workspace_id)
        line: dict[str, Any] = move(lines, keys.index(rule_id))
        write_rules(c, lines)
        c.state(action, "retention_rule", rule_id, before=line, after=[one["name"] for one in lines])
    return line


def rules_of(db: Session, home: int) -> list[RetentionRule]:
    """The rules in the order in which they decide."""
    wanted = select(RetentionRule).where(RetentionRule.workspace_id == home)
    return list(db.scalars(wanted.order_by(RetentionRule.position, RetentionRule.id)))


def read_rules(db: Session, home: int) -> list[dict[str, Any]]:
    """The rules as a file has them."""
    words = {entity: _words(db, home, entity) for entity in (Outcome, Topic)}
    return [
        {
            "name": row.name,
            "outcome": words[Outcome].get(row.outcome_id or 0),
            "topic": words[Topic].get(row.topic_id or 0),
            "kind": row.kind,
            "length": row.length,
            "unit": row.unit,
        }
        for row in rules_of(db, home)
    ]


def write_rules(c: Change, lines: list[dict[str, Any]]) -> None:
    """The rules become these, in this order. Raises ``BadValue`` for an outcome or a topic that is not there."""
    keys = {
        name: {word: key for key, word in _words(c.db, c.workspace_id, entity).items()}
        for name, entity in (("outcome", Outcome), ("topic", Topic))
    }
    rows = {row.name: row for row in rules_of(c.db, c.workspace_id)}
    for name in set(rows) - {line["name"] for line in lines}:
        c.db.delete(rows[name])
    for position, line in enumerate(lines, start=1):
        facts: dict[str, Any] = {
            "position": position,
            "kind": line["kind"],
            "length": line["length"],
            "unit": line["unit"],
        }
        facts |= {f"{name}_id": _key(keys[name], line, name) for name in keys}
        row = rows.get(line["name"])
        if row is None:
            home: dict[str, Any] = {"workspace_id": c.workspace_id, "audit_id": c.audit_id}
            c.db.add(RetentionRule(name=line["name"], **home, **facts))
            continue
        for field, value in facts.items():
            if getattr(row, field) != value:
                setattr(row, field, value)


def due_under(db: Session, home: int, at: datetime) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Each rule's name, with the condition for conversations that it decides on and whose time is over at ``at``."""
    before: ColumnElement[bool] = not_(true())
    for rule in rules_of(db, home):
        fits = _fits(rule)
        yield rule.name, and_(fits, not_(before), _rested(cutoff(rule.length, rule.unit, at)))
        before = before | fits
    days = db.get_one(Workspace, home).retention_days
    if days is not None:
        yield EVERYTHING_ELSE, and_(not_(before), _rested(cutoff(days, "days", at)))


def _fits(rule: RetentionRule) -> ColumnElement[bool]:
    """A conversation's category is known: what is empty is no topic, no outcome."""
    conditions: list[ColumnElement[bool]] = [true()]
    if rule.kind is not None:
        conditions.append(Conversation.kind == rule.kind)
    if rule.topic_id is not None:
        conditions.append(func.coalesce(Conversation.topic_id, 0) == rule.topic_id)
    if rule.outcome_id is not None:
        newest = (
            select(Episode.outcome_id)
            .where(Episode.conversation_id == Conversation.id)
            .order_by(Episode.opened.desc(), Episode.id.desc())
            .limit(1)
            .correlate(Conversation)
            .scalar_subquery()
        )
        conditions.append(func.coalesce(newest, 0) == rule.outcome_id)
    return and_(*conditions)


def _rested(since: datetime) -> ColumnElement[bool]:
    """Nobody waits there, and nothing was said since."""
    replied = func.coalesce(Conversation.last_reply, Conversation.last_at)
    return and_(Conversation.since.is_(None), Conversation.last_at <= since, replied <= since)


def _words(db: Session, home: int, entity: Any) -> dict[int, str]:
    rows = db.execute(select(entity.id, entity.word).where(entity.workspace_id == home).order_by(entity.id))
    return {row.id: row.word for row in rows}


def _key(keys: dict[str, int], line: dict[str, Any], name: str) -> int | None:
    word = line[name]
    if word is None:
        return None
    if word not in keys:
        raise BadValue(f"retention, {line['name']}", f"there is no {name} “{word}” here")
    return keys[word]
