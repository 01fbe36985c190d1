"""A workspace's configuration read from its rows, and made to be what a file says: one change with one event."""

from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.accounts import begin_again
from data.audit import Change, actor_of, change
from data.channels import CONNECTORS
from data.database import Database
from data.offers import check_by_web
from data.policies import newest_policy, put_policy
from data.retention import read_rules, write_rules
from models.configuration import KEYS, POLICY, Configuration, checked, differences, merged
from models.disclosure import BlockedWord, checked_word
from models.people import Role
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.rollups import Daily
from models.teams import TeamPractice
from models.templates import Template
from models.workspace import (
    Account,
    CalendarRow,
    Grade,
    Outcome,
    Rule,
    TargetTime,
    Team,
    Topic,
    Workspace,
)

LARGEST_FILE = 400_000
"""Characters of a file."""


class Plain(yaml.SafeDumper):
    """Writes everything out: what stands twice is never an anchor, which an import refuses."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Nothing is an alias."""
        return True


def read_configuration(db: Session, home: int) -> Configuration:
    """Everything but secrets and people. Raises ``NotFound``."""
    workspace = db.get(Workspace, home)
    if workspace is None:
        raise NotFound
    return {
        "workspace": {
            "zone": workspace.zone,
            "gap_seconds": workspace.gap_seconds,
            "aim": workspace.aim,
            "retention_days": workspace.retention_days,
        },
        "grades": _grades(db, home),
        "outcomes": [{"word": row.word, "left_out": row.left_out} for row in _rows(db, Outcome, home)],
        "topics": [{"word": row.word} for row in _rows(db, Topic, home)],
        "calendar": [row.facts for row in _rows(db, CalendarRow, home, CalendarRow.number)],
        "roles": [
            {"name": row.name, "permissions": sorted(row.permissions)}
            for row in _rows(db, Role, home)
            if not row.built_in
        ],
        "teams": _teams(db, home),
        "rules": [
            {"name": row.name, "enabled": row.enabled, "conditions": row.conditions, "actions": row.actions}
            for row in _rows(db, Rule, home, Rule.position)
        ],
        "templates": [
            {"name": row.name, "text": row.text, "language": row.language}
            for row in _rows(db, Template, home, Template.position)
            if row.retired is None
        ],
        "blocked_words": [{"word": row.word} for row in _rows(db, BlockedWord, home) if row.retired is None],
        "policy": _policy(db, home),
        "retention": read_rules(db, home),
        "accounts": [_account(row) for row in _rows(db, Account, home)],
    }


def export_configuration(database: Database, scope: Scope) -> str:
    """The workspace's configuration as a file. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        found = read_configuration(db, scope.workspace_id)
    text: str = yaml.dump(found, Dumper=Plain, allow_unicode=True, sort_keys=False, width=110)
    return text


def parse_configuration(text: str) -> Configuration:
    """The sections of a file, checked. Raises ``BadValue``. Anchors are refused: a few lines of them fill a memory."""
    if len(text) > LARGEST_FILE:
        raise BadValue("file", f"give one of at most {LARGEST_FILE:,} characters")
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.events.AliasEvent):
                raise BadValue("file", "write out what stands behind * and &")
        given = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        place = getattr(problem, "problem_mark", None)
        at = f" at line {place.line + 1}" if place is not None else ""
        raise BadValue("file", f"it cannot be read as YAML{at}") from None
    return checked(given)


def plan_import(database: Database, scope: Scope, text: str, at: datetime) -> list[tuple[str, str, str]]:
    """What the file would change: (where, before, after); nothing is changed. Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    given = parse_configuration(text)
    with database.read() as db:
        current = read_configuration(db, scope.workspace_id)
    return differences(current, _planned(current, given, at))


def import_configuration(database: Database, scope: Scope, text: str, at: datetime) -> int:
    """Make the workspace what the file says; returns how many lines changed. Raises as ``plan_import`` does."""
    scope.require(Permission.ADMINISTER)
    given = parse_configuration(text)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        current = read_configuration(c.db, scope.workspace_id)
        wanted = _planned(current, given, at)
        found = differences(current, wanted)
        if found:
            apply_configuration(c, current, wanted)
            before, after = ({where: line[side] for where, *line in found} for side in (0, 1))
            c.state("import", "workspace", scope.workspace_id, before=before, after=after)
    return len(found)


def _planned(current: Configuration, given: Configuration, at: datetime) -> Configuration:
    wanted = merged(current, given, at)
    known = {line["account"]: line for line in current["accounts"]}
    for line in wanted["accounts"]:
        if known.get(line["account"]) != line:
            check_by_web(line["connector"], line["settings"], (known.get(line["account"]) or {}).get("settings", {}))
    return wanted


def apply_configuration(c: Change, current: Configuration, wanted: Configuration) -> None:
    """Write what differs, in the caller's change, which states it."""
    if current["workspace"] != wanted["workspace"]:
        check_zone(c.db, c.workspace_id, wanted["workspace"]["zone"])
        home = c.db.get_one(Workspace, c.workspace_id)
        for name, value in wanted["workspace"].items():
            setattr(home, name, value)
    for name, write in WRITERS.items():
        if current[name] != wanted[name]:
            write(c, wanted[name], {line[KEYS[name]]: line for line in current[name]})
            c.db.flush()


def _write_grades(c: Change, lines: list[dict[str, Any]], held: dict[Any, Any]) -> None:
    rows = {row.key: row for row in _rows(c.db, Grade, c.workspace_id)}
    rank = max((row.rank for row in rows.values()), default=0)
    for line in lines:
        row = rows.get(line["key"])
        facts = {name: line[name] for name in ("word", "look", "needs_approval", "idle_seconds", "idle_clock")}
        if row is None:
            rank += 1
            row = Grade(workspace_id=c.workspace_id, audit_id=c.audit_id, key=line["key"], rank=rank, **facts)
            c.db.add(row)
            c.db.flush()
        elif held.get(line["key"]) != line:
            for name, value in facts.items():
                setattr(row, name, value)
        write_targets(c, row.id, line["targets"])


def write_targets(c: Change, grade_id: int, targets: list[dict[str, Any]]) -> None:
    """The promised times of a grade become these; a channel that is not named is promised what every channel is."""
    rows = c.db.scalars(
        select(TargetTime).where(TargetTime.workspace_id == c.workspace_id, TargetTime.grade_id == grade_id)
    )
    held = {row.channel: row for row in rows}
    for one in targets:
        row = held.pop(one["channel"], None)
        if row is None:
            c.db.add(TargetTime(workspace_id=c.workspace_id, audit_id=c.audit_id, grade_id=grade_id, **one))
        else:
            row.seconds, row.clock = one["seconds"], one["clock"]
    for row in held.values():
        c.db.delete(row)


def _write_outcomes(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    _write_simple(c, Outcome, "word", lines)


def _write_topics(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    _write_simple(c, Topic, "word", lines)


def _write_roles(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    _write_simple(c, Role, "name", lines)


def _write_simple(c: Change, entity: Any, key: str, lines: list[dict[str, Any]]) -> None:
    """Add what is missing and change what differs; nothing is taken away."""
    rows = {getattr(row, key): row for row in _rows(c.db, entity, c.workspace_id)}
    for line in lines:
        row = rows.get(line[key])
        if row is None:
            c.db.add(entity(workspace_id=c.workspace_id, audit_id=c.audit_id, **line))
            continue
        for name, value in line.items():
            if getattr(row, name) != value:
                setattr(row, name, value)


def _write_calendar(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    rows = {row.number: row for row in _rows(c.db, CalendarRow, c.workspace_id)}
    wanted = {line["number"]: line for line in lines}
    for number, row in rows.items():
        if number not in wanted:
            c.db.delete(row)
        elif row.facts != wanted[number]:
            row.facts = wanted[number]
    for number in set(wanted) - set(rows):
        c.db.add(CalendarRow(workspace_id=c.workspace_id, audit_id=c.audit_id, number=number, facts=wanted[number]))


def _write_teams(c: Change, lines: list[dict[str, Any]], held: dict[Any, Any]) -> None:
    rows = {row.name: row for row in _rows(c.db, Team, c.workspace_id)}
    for line in lines:
        row = rows.get(line["name"])
        if row is None:
            row = Team(workspace_id=c.workspace_id, audit_id=c.audit_id, name=line["name"])
            c.db.add(row)
            c.db.flush()
        if held.get(line["name"]) != line:
            ways = c.db.get(TeamPractice, (c.workspace_id, row.id))
            if ways is None:
                ways = TeamPractice(workspace_id=c.workspace_id, team_id=row.id, audit_id=c.audit_id)
                c.db.add(ways)
            ways.hours, ways.capacity = line["hours"], line["capacity"]


def _write_rules(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    rows = {row.name: row for row in _rows(c.db, Rule, c.workspace_id)}
    gone = {row.id for name, row in rows.items() if name not in {line["name"] for line in lines}}
    c.db.execute(delete(Rule).where(Rule.workspace_id == c.workspace_id, Rule.id.in_(gone)))
    for position, line in enumerate(lines, start=1):
        row = rows.get(line["name"])
        if row is None:
            c.db.add(Rule(workspace_id=c.workspace_id, audit_id=c.audit_id, position=position, **line))
            continue
        for name, value in (line | {"position": position}).items():
            if getattr(row, name) != value:
                setattr(row, name, value)


def _write_templates(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    rows = {row.name.casefold(): row for row in _rows(c.db, Template, c.workspace_id)}
    wanted = {line["name"].casefold(): line for line in lines}
    for name, row in rows.items():
        if name not in wanted and row.retired is None:
            row.retired = c.at
    for position, (name, line) in enumerate(wanted.items(), start=1):
        row = rows.get(name)
        if row is None:
            c.db.add(Template(workspace_id=c.workspace_id, audit_id=c.audit_id, position=position, **line))
            continue
        for field, value in (line | {"position": position, "retired": None}).items():
            if getattr(row, field) != value:
                setattr(row, field, value)


def _write_words(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    rows = {row.word.casefold(): row for row in _rows(c.db, BlockedWord, c.workspace_id)}
    wanted = {word.casefold(): word for word in (checked_word(line["word"]) for line in lines)}
    for word, row in rows.items():
        if (word in wanted) is (row.retired is not None):
            row.retired = None if word in wanted else c.at
    for folded in set(wanted) - set(rows):
        c.db.add(BlockedWord(workspace_id=c.workspace_id, audit_id=c.audit_id, word=wanted[folded]))


def _write_policy(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    for line in lines:
        put_policy(c, line["text"])


def _write_retention(c: Change, lines: list[dict[str, Any]], _held: dict[Any, Any]) -> None:
    write_rules(c, lines)


def _write_accounts(c: Change, lines: list[dict[str, Any]], held: dict[Any, Any]) -> None:
    rows = {f"{row.channel} {row.handle}": row for row in _rows(c.db, Account, c.workspace_id)}
    for line in lines:
        if held.get(line["account"]) == line:
            continue
        if line["connector"] not in CONNECTORS:
            raise BadValue(f"accounts, {line['account']}", f"give a connector out of {', '.join(CONNECTORS)}")
        row = rows.get(line["account"])
        named = ("connector", "owner", "purpose", "watch_hours", "call", "paused")
        facts: dict[str, Any] = {name: line[name] for name in named}
        facts |= {
            "interval_seconds": line["interval"],
            "read_budget": line["budget"],
            "settings": line["settings"] or None,
        }
        if row is None:
            home: dict[str, Any] = {"workspace_id": c.workspace_id, "audit_id": c.audit_id}
            c.db.add(Account(channel=line["channel"], handle=line["handle"], created=c.at, **(facts | home)))
            continue
        if row.settings != facts["settings"]:
            begin_again(c.db, row)
        for name, value in facts.items():
            setattr(row, name, value)


def check_zone(db: Session, home: int, zone: str) -> None:
    """Raise ``BadValue`` for another zone where sums of local days rest on the present one."""
    counted = select(Daily.day).where(Daily.workspace_id == home).limit(1)
    if db.get_one(Workspace, home).zone != zone and db.scalar(counted) is not None:
        raise BadValue("zone", "messages are counted by the days of the present one already, so it stays")


WRITERS = {
    "grades": _write_grades,
    "outcomes": _write_outcomes,
    "topics": _write_topics,
    "calendar": _write_calendar,
    "roles": _write_roles,
    "teams": _write_teams,
    "rules": _write_rules,
    "templates": _write_templates,
    "blocked_words": _write_words,
    "policy": _write_policy,
    "retention": _write_retention,
    "accounts": _write_accounts,
}


def _policy(db: Session, home: int) -> list[dict[str, Any]]:
    found = newest_policy(db, home)
    return [{"name": POLICY, "text": found.text}] if found is not None else []


def _rows(db: Session, entity: Any, home: int, order: Any = None) -> list[Any]:
    return list(db.scalars(select(entity).where(entity.workspace_id == home).order_by(order or entity.id)))


def _grades(db: Session, home: int) -> list[dict[str, Any]]:
    targets: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(db, TargetTime, home, TargetTime.channel):
        told = {"channel": row.channel, "seconds": row.seconds, "clock": row.clock}
        targets.setdefault(row.grade_id, []).append(told)
    return [
        {
            "key": row.key,
            "word": row.word,
            "look": row.look,
            "needs_approval": row.needs_approval,
            "idle_seconds": row.idle_seconds,
            "idle_clock": row.idle_clock,
            "targets": targets.get(row.id, []),
        }
        for row in _rows(db, Grade, home, Grade.rank)
    ]


def _teams(db: Session, home: int) -> list[dict[str, Any]]:
    ways = {row.team_id: row for row in db.scalars(select(TeamPractice).where(TeamPractice.workspace_id == home))}
    return [
        {
            "name": row.name,
            "hours": ways[row.id].hours if row.id in ways else None,
            "capacity": ways[row.id].capacity if row.id in ways else None,
        }
        for row in _rows(db, Team, home)
    ]


def _account(row: Account) -> dict[str, Any]:
    return {
        "account": f"{row.channel} {row.handle}",
        "channel": row.channel,
        "connector": row.connector,
        "handle": row.handle,
        "interval": row.interval_seconds,
        "budget": row.read_budget,
        "settings": row.settings or {},
        "owner": row.owner,
        "purpose": row.purpose,
        "watch_hours": row.watch_hours,
        "call": row.call,
        "paused": row.paused,
    }
