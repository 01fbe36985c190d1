"""The rules of triage, changed from their page: each change is one event, and what a rule was before is kept.

What it was is written by triggers, whoever changes it (``models.past.LASTING``), so every version can be taken back.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.practice import Practice, practice
from models.past import Former
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.rules import Actions, BadRule, Conditions, RuleFacts
from models.workspace import Account, Rule

LONGEST_NAME = 100
LONGEST_FLAG = 40
MOST_FLAGS = 10
MOST_RULES = 500
ENTITY = Rule.__tablename__
PARTS = {
    "name": "Name",
    "conditions.words": "Words",
    "conditions.words.any": "Says any of",
    "conditions.words.none": "But not",
    "conditions.languages": "Language",
    "conditions.accounts": "Account",
    "conditions.media": "Attached",
    "actions.alarm": "Tell the team",
}
"""What the parts of a rule are called on its form."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as somebody wrote it: ``conditions`` and ``actions`` as ``models.rules`` keeps them in JSON."""

    name: str
    conditions: Mapping[str, Any]
    actions: Mapping[str, Any]


def read_draft(draft: RuleDraft) -> RuleFacts:
    """The rule that a draft means, under the key 0. Raises ``BadValue`` in the words of the form."""
    name = " ".join(draft.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadValue("Name", f"give the rule one of at most {LONGEST_NAME} characters")
    try:
        conditions, actions = Conditions.from_json(draft.conditions), Actions.from_json(draft.actions)
    except BadRule as problem:
        raise BadValue(PARTS.get(problem.field, problem.field.rpartition(".")[2]), problem.fault) from None
    if len(actions.flags) > MOST_FLAGS or any(len(flag) > LONGEST_FLAG for flag in actions.flags):
        raise BadValue("Flags", f"give at most {MOST_FLAGS}, each of at most {LONGEST_FLAG} characters")
    return RuleFacts(0, name, conditions, actions)


def check_draft(database: Database, scope: Scope, draft: RuleDraft, rule_id: int | None = None) -> RuleFacts:
    """The same, where it could be saved as this rule (None: as a new one). Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    facts = read_draft(draft)
    with database.read() as db:
        _fit(db, scope.workspace_id, facts, rule_id)
    return facts


def create_rule(database: Database, scope: Scope, draft: RuleDraft, at: datetime) -> int:
    """A new rule, the last one and off; returns its key. Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    facts = read_draft(draft)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _fit(c.db, c.workspace_id, facts, None)
        row = _add(c, facts)
        c.state("create", "rule", row.id, after=_told(row))
    return row.id


def change_rule(database: Database, scope: Scope, rule_id: int, draft: RuleDraft, at: datetime) -> None:
    """Make the rule what is wanted. Raises ``BadValue``, ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    facts = read_draft(draft)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _rule(c, rule_id)
        _fit(c.db, c.workspace_id, facts, rule_id)
        _become(c, row, facts, "change")


def copy_rule(database: Database, scope: Scope, rule_id: int, at: datetime) -> int:
    """The same rule once more under another name, the last one and off; returns its key. Raises ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        was = _rule(c, rule_id)
        name = _free_name(c, f"{was.name[: LONGEST_NAME - 12]} (copy)")
        row = _add(c, RuleFacts(0, name), was.conditions, was.actions)
        c.state("create", "rule", row.id, after=_told(row), reason=f"a copy of {was.name}")
    return row.id


def switch_rule(database: Database, scope: Scope, rule_id: int, on: bool, at: datetime) -> None:
    """On or off. It holds for what arrives from now on. Raises ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _rule(c, rule_id)
        if row.enabled is not on:
            row.enabled = on
            c.state("switch on" if on else "switch off", "rule", rule_id, after={"name": row.name})


def move_rule(database: Database, scope: Scope, rule_id: int, place: int, at: datetime) -> None:
    """To a place in the order, counted from 1; what is beyond an end is that end. Raises ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _rule(c, rule_id)
        rows = _in_order(c.db, c.workspace_id)
        before = rows.index(row) + 1
        rows.remove(row)
        rows.insert(max(place, 1) - 1, row)
        if (after := rows.index(row) + 1) != before:
            _number(rows)
            told = {"name": row.name}
            c.state("move", "rule", rule_id, before=told | {"place": before}, after=told | {"place": after})


def delete_rule(database: Database, scope: Scope, rule_id: int, at: datetime) -> int:
    """The rule is gone; returns the key of what it was, for ``restore_rule``. Raises ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _rule(c, rule_id)
        c.state("delete", "rule", rule_id, before=_told(row))
        c.db.delete(row)
        c.db.flush()
        found = c.db.scalar(select(func.max(Former.id)).where(*_of_rules(c.workspace_id), Former.row_id == rule_id))
    return int(found or 0)


def restore_rule(database: Database, scope: Scope, former_id: int, at: datetime) -> int:
    """A rule as it once was; returns its key. One that is gone comes back as the last one, and off.

    Raises ``NotFound``, and ``BadValue`` where it cannot be what it was: its name is taken, or can no longer be read.
    """
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        was = c.db.get(Former, former_id)
        if was is None or was.workspace_id != c.workspace_id or was.entity != ENTITY:
            raise NotFound
        facts = read_draft(former_draft(was))
        row = c.db.get(Rule, was.row_id)
        if row is not None and is_of(c.db, row, was):
            _fit(c.db, c.workspace_id, facts, row.id)
            _become(c, row, facts, "restore")
        else:
            _fit(c.db, c.workspace_id, facts, None)
            row = _add(c, facts)
            c.state("restore", "rule", row.id, after=_told(row))
    return row.id


def former_draft(was: Former) -> RuleDraft:
    """What a rule was."""
    facts = json.loads(was.facts)
    return RuleDraft(facts["name"], json.loads(facts["conditions"]), json.loads(facts["actions"]))


def is_of(db: Session, row: Rule, was: Former) -> bool:
    """Whether a former row belongs to this rule, and not to one that had its key before."""
    return was.id in {one.id for one in formers_of(db, row)}


def formers_of(db: Session, row: Rule) -> list[Former]:
    """What a rule was, the latest first: each was ended by the event that the next begins with."""
    kept = db.scalars(
        select(Former).where(*_of_rules(row.workspace_id), Former.row_id == row.id).order_by(Former.id.desc())
    )
    found: list[Former] = []
    begun = row.audit_id
    for was in kept:
        if was.ended_id != begun:
            break
        found.append(was)
        begun = was.begun_id
    return found


def _of_rules(home: int) -> tuple[Any, ...]:
    return Former.workspace_id == home, Former.entity == ENTITY


def _rule(c: Change, rule_id: int) -> Rule:
    row = c.db.get(Rule, rule_id)
    if row is None or row.workspace_id != c.workspace_id:
        raise NotFound
    return row


def _in_order(db: Session, home: int) -> list[Rule]:
    return list(db.scalars(select(Rule).where(Rule.workspace_id == home).order_by(Rule.position, Rule.id)))


def _number(rows: list[Rule]) -> None:
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position


def _add(c: Change, facts: RuleFacts, conditions: Any = None, actions: Any = None) -> Rule:
    rows = _in_order(c.db, c.workspace_id)
    if len(rows) >= MOST_RULES:
        raise BadValue("Rule", f"a workspace has at most {MOST_RULES}: delete one that is off first")
    row = Rule(
        workspace_id=c.workspace_id,
        audit_id=c.audit_id,
        name=facts.name,
        position=max((one.position for one in rows), default=0) + 1,
        enabled=False,
        conditions=facts.conditions.to_json() if conditions is None else conditions,
        actions=facts.actions.to_json() if actions is None else actions,
    )
    c.db.add(row)
    c.db.flush()
    return row


def _become(c: Change, row: Rule, facts: RuleFacts, deed: str) -> None:
    before = _told(row)
    for name, value in facts.to_json().items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    if (after := _told(row)) != before:
        c.state(deed, "rule", row.id, before=before, after=after)


def _fit(db: Session, home: int, facts: RuleFacts, rule_id: int | None) -> None:
    """Raise ``BadValue`` where the name is taken, or what the rule names is not there."""
    taken = select(Rule.id).where(Rule.workspace_id == home, Rule.name == facts.name, Rule.id != (rule_id or 0))
    if db.scalar(taken) is not None:
        raise BadValue("Name", "choose another: there is a rule called that")
    _know(practice(db, home), facts.actions)
    accounts = select(func.count()).where(Account.workspace_id == home, Account.id.in_(facts.conditions.accounts))
    if db.scalar(accounts) != len(facts.conditions.accounts):
        raise BadValue("Account", "choose one of this workspace")


def _know(ways: Practice, actions: Actions) -> None:
    for part, name, known in (
        ("Topic", actions.topic, ways.topics),
        ("Team", actions.team, ways.teams),
        ("Person", actions.assign, ways.users),
    ):
        if name is not None and name not in known:
            raise BadValue(part, f"there is no “{name}” here any more: choose another, or none")
    if actions.grade is not None and ways.rank_of(actions.grade) is None:
        raise BadValue("Grade", f"there is no “{actions.grade}” here any more: choose another, or none")


def _free_name(c: Change, name: str) -> str:
    taken = {row.name for row in _in_order(c.db, c.workspace_id)}
    named = (name if number == 1 else f"{name} {number}" for number in range(1, MOST_RULES + 2))
    return next(one for one in named if one not in taken)


def _told(row: Rule) -> dict[str, Any]:
    return {"name": row.name, "enabled": row.enabled, "conditions": row.conditions, "actions": row.actions}
