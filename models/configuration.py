"""Everything a workspace decides for itself, but secrets and people, as one plain structure: read, checked, compared.

It is what a file holds, what one workspace hands to another that starts from it, and what an import changes. A section that a
file leaves out stays as it is. Rules, templates, blocked words and retention become exactly what the file says; of the
others nothing is ever taken away, because what happened rests on them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.base import canonical
from models.calendars import CalendarVersion
from models.permissions import BUILT_IN_ROLES, Permission
from models.policies import LONGEST_POLICY, checked_policy
from models.problems import BadValue
from models.retention import checked_rule
from models.rules import Actions, Conditions
from models.templates import checked as checked_template
from models.waits import Clock
from models.words import BadRule

Section = list[dict[str, Any]]
Configuration = dict[str, Any]

KEYS = {
    "grades": "key",
    "outcomes": "word",
    "topics": "word",
    "calendar": "number",
    "roles": "name",
    "teams": "name",
    "rules": "name",
    "templates": "name",
    "blocked_words": "word",
    "policy": "name",
    "retention": "name",
    "accounts": "account",
}
"""The sections that are lists, and what tells one line of a list from another."""
POLICY = "social media"
EXACT = {"rules", "templates", "blocked_words", "retention"}
LOOKS = ("emergency", "priority", "standard", "done", "unknown")
LONGEST_WORD = 100
MOST_LINES = 2_000
"""Lines of one section: a force with 300 accounts has room."""
YEAR = 366 * 24 * 3600


def checked(given: object) -> Configuration:
    """The sections of a file in their one form. Raises ``BadValue`` that names the section and what to do."""
    if not isinstance(given, Mapping) or not given:
        raise BadValue("file", "it must hold sections such as workspace, grades, rules")
    unknown = sorted(str(name) for name in given if name not in SECTIONS)
    if unknown:
        raise BadValue("file", f"there is no section “{unknown[0][:40]}”; there are {', '.join(SECTIONS)}")
    found: Configuration = {}
    for name, check in SECTIONS.items():
        if name not in given:
            continue
        if name == "workspace":
            found[name] = _workspace(_mapping(given[name], name))
            continue
        lines = given[name]
        if not isinstance(lines, list) or len(lines) > MOST_LINES:
            raise BadValue(name, f"give a list of at most {MOST_LINES:,} lines")
        found[name] = [check(_mapping(line, name)) for line in lines]
        keys = [line[KEYS[name]] for line in found[name]]
        if len(set(keys)) < len(keys):
            raise BadValue(name, "one of the lines stands there twice")
    return found


def merged(current: Configuration, given: Configuration, at: datetime, *, fresh: bool = False) -> Configuration:
    """What the workspace would be: sections that are not given stay, and so do lines that nothing may take away.

    ``fresh``: nothing has happened in it yet, so that the past of its calendar may be written too. Raises ``BadValue``.
    """
    wanted = dict(current)
    for name, lines in given.items():
        if name == "workspace":
            wanted[name] = current[name] | lines
            continue
        key = KEYS[name]
        if name in EXACT or (fresh and name == "calendar"):
            wanted[name] = lines
        else:
            news = {line[key]: line for line in lines}
            kept = [_over(line, news.pop(line[key], {})) for line in current[name]]
            wanted[name] = kept + list(news.values())
        if name == "calendar" and not fresh:
            _keep_past(current[name], wanted[name], at)
    return wanted


def differences(before: Configuration, after: Configuration) -> list[tuple[str, str, str]]:
    """(where, before, after) of everything that differs, in the order of the sections; "" stands for nothing."""
    old, new = _flat(before), _flat(after)
    return [
        (where, old.get(where, ""), new.get(where, "")) for where in {**old, **new} if old.get(where) != new.get(where)
    ]


def _over(line: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    return line | news


def _keep_past(current: Section, wanted: Section, at: datetime) -> None:
    """Figures rest on the hours that held: a version that has begun stays, and a new one begins later."""
    held = {line["number"]: line for line in current}
    for line in wanted:
        begins = datetime.fromisoformat(line["begins"]) if line["begins"] else None
        if line != held.get(line["number"]) and (begins is None or begins <= at):
            raise BadValue("calendar", f"version {line['number']} has begun or begins in the past: add a later one")
    for number, line in held.items():
        begins = datetime.fromisoformat(line["begins"]) if line["begins"] else None
        if (begins is None or begins <= at) and line not in wanted:
            raise BadValue("calendar", f"version {number} has begun: it stays as it is")


def _flat(found: Configuration) -> dict[str, str]:
    told: dict[str, str] = {}
    for name, part in found.items():
        if name == "workspace":
            told |= {f"workspace, {field}": _said(value) for field, value in part.items()}
            continue
        for place, line in enumerate(part, start=1):
            where = f"{name}, {line[KEYS[name]]}"
            told |= {f"{where}, {field}": _said(value) for field, value in line.items() if field != KEYS[name]}
            if name in EXACT:
                told[where] = f"number {place}" if name != "blocked_words" else "blocked"
            elif len(line) == 1:
                told[where] = "there"
    return told


def _said(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else canonical(value)


def _workspace(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    _only(given, ("zone", "gap_seconds", "aim", "retention_days"), "workspace")
    if "zone" in given:
        found["zone"] = zone_of(given["zone"])
    if "gap_seconds" in given:
        found["gap_seconds"] = _whole(given["gap_seconds"], "workspace, gap_seconds", 60, YEAR)
    if "aim" in given:
        aim = given["aim"]
        if isinstance(aim, bool) or not isinstance(aim, int | float) or not 0 < aim <= 1:
            raise BadValue("workspace, aim", "give a share such as 0.9")
        found["aim"] = float(aim)
    if "retention_days" in given:
        days = given["retention_days"]
        found["retention_days"] = None if days is None else _whole(days, "workspace, retention_days", 1, 36_500)
    return found


def zone_of(name: object) -> str:
    """A zone that exists. Raises ``BadValue``."""
    try:
        return ZoneInfo(str(name)).key
    except (OSError, LookupError, ValueError):
        raise BadValue("zone", "give a name such as Europe/London") from None


def _grade(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("key", "word", "look", "needs_approval", "idle_seconds", "idle_clock", "targets"), "grades")
    where = f"grades, {given.get('key')}"
    targets = given.get("targets", [])
    if not isinstance(targets, list) or not targets:
        raise BadValue(where, "give targets: a list of channel (empty for every one), seconds and clock")
    idle = given.get("idle_seconds")
    idle_clock = given.get("idle_clock")
    return {
        "key": _word(given.get("key"), "grades, key"),
        "word": _word(given.get("word"), where),
        "look": _one_of(given.get("look"), LOOKS, where),
        "needs_approval": _flag(given.get("needs_approval", False), where),
        "idle_seconds": None if idle is None else _whole(idle, where, 60, YEAR),
        "idle_clock": None if idle_clock is None else _one_of(idle_clock, tuple(Clock), where),
        "targets": sorted(
            (_target(_mapping(one, where), where) for one in targets), key=lambda one: str(one["channel"])
        ),
    }


def _target(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    _only(given, ("channel", "seconds", "clock"), where)
    return {
        "channel": _text(given.get("channel", ""), where, 40),
        "seconds": _whole(given.get("seconds"), where, 1, YEAR),
        "clock": _one_of(given.get("clock"), tuple(Clock), where),
    }


def _outcome(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("word", "left_out"), "outcomes")
    return {"word": _word(given.get("word"), "outcomes"), "left_out": _flag(given.get("left_out", False), "outcomes")}


def _topic(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("word",), "topics")
    return {"word": _word(given.get("word"), "topics")}


def _version(given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = CalendarVersion.from_json(given)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadValue("calendar", f"a version cannot be read ({problem})"[:200]) from None
    if not isinstance(found.number, int) or isinstance(found.number, bool) or found.number < 1:
        raise BadValue("calendar", "number the versions from 1")
    return found.to_json()


def _role(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("name", "permissions"), "roles")
    name, may = _word(given.get("name"), "roles"), given.get("permissions")
    if name in BUILT_IN_ROLES:
        raise BadValue(f"roles, {name}", "it comes with the program: leave it out")
    if not isinstance(may, list) or not may or not set(map(str, may)) <= set(Permission):
        raise BadValue(f"roles, {name}", f"give permissions out of: {', '.join(Permission)}")
    return {"name": name, "permissions": sorted(map(str, may))}


def _team(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("name", "hours", "capacity"), "teams")
    name, hours, capacity = _word(given.get("name"), "teams"), given.get("hours"), given.get("capacity")
    if hours is not None:
        blank = {"number": 1, "begins": None, "zone": "UTC", "nation": None, "closed_on_holidays": True}
        hours = _version(blank | {"windows": hours, "holiday_windows": [], "exceptions": []})["windows"]
    return {
        "name": name,
        "hours": hours,
        "capacity": None if capacity is None else _whole(capacity, f"teams, {name}", 1, 1_000),
    }


def _rule(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("name", "enabled", "conditions", "actions"), "rules")
    name = _word(given.get("name"), "rules")
    try:
        conditions = Conditions.from_json(given.get("conditions", {})).to_json()
        actions = Actions.from_json(given.get("actions", {})).to_json()
    except BadRule as problem:
        raise BadValue(f"rules, {name}", str(problem)[:200]) from None
    enabled = _flag(given.get("enabled", True), f"rules, {name}")
    return {"name": name, "enabled": enabled, "conditions": conditions, "actions": actions}


def _template(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("name", "text", "language"), "templates")
    name, text = checked_template(_word(given.get("name"), "templates"), _text(given.get("text"), "templates", 4_000))
    return {"name": name, "text": text, "language": _word(given.get("language", "en"), "templates")}


def _blocked(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("word",), "blocked_words")
    return {"word": _word(given.get("word"), "blocked_words")}


def _policy(given: Mapping[str, Any]) -> dict[str, Any]:
    _only(given, ("name", "text"), "policy")
    if given.get("name") != POLICY:
        raise BadValue("policy", f"there is one, with the name {POLICY}")
    return {"name": POLICY, "text": checked_policy(_text(given.get("text"), "policy", LONGEST_POLICY))}


def _account(given: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "account",
        "channel",
        "connector",
        "handle",
        "interval",
        "budget",
        "settings",
        "owner",
        "purpose",
        "watch_hours",
        "call",
        "paused",
    )
    _only(given, names, "accounts")
    channel, handle = _word(given.get("channel"), "accounts"), _word(given.get("handle"), "accounts")
    where = f"accounts, {channel} {handle}"
    settings, budget = given.get("settings") or {}, given.get("budget")
    if not isinstance(settings, Mapping):
        raise BadValue(where, "give settings as names with values")
    return {
        "account": f"{channel} {handle}",
        "channel": channel,
        "connector": _word(given.get("connector"), where),
        "handle": handle,
        "interval": _whole(given.get("interval", 60), where, 5, 86_400),
        "budget": None if budget is None else _whole(budget, where, 1, 10**9),
        "settings": {
            _word(name, where): value for name, value in settings.items() if isinstance(value, str | int | bool)
        },
        "owner": _text(given.get("owner", ""), where, 200),
        "purpose": _text(given.get("purpose", ""), where, 500),
        "watch_hours": _text(given.get("watch_hours", ""), where, 200),
        "call": _text(given.get("call", ""), where, 200),
        "paused": _flag(given.get("paused", False), where),
    }


def _mapping(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise BadValue(where, "give names with values")
    return given


def _only(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in names:
            raise BadValue(where, f"there is no “{name[:40]}” here; there is {', '.join(names)}")


def _text(value: object, where: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise BadValue(where, f"give a text of at most {longest} characters")
    return value.strip()


def _word(value: object, where: str) -> str:
    found = _text(value, where, LONGEST_WORD)
    if not found:
        raise BadValue(where, "something is left empty that needs a name")
    return found


def _whole(value: object, where: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(where, f"give a whole number from {least:,} to {most:,}")
    return value


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadValue(where, "give true or false")
    return value


def _one_of(value: object, options: tuple[str, ...], where: str) -> str:
    if value not in options:
        raise BadValue(where, f"give one of {', '.join(options)}")
    return str(value)


SECTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "workspace": _workspace,
    "grades": _grade,
    "outcomes": _outcome,
    "topics": _topic,
    "calendar": _version,
    "roles": _role,
    "teams": _team,
    "rules": _rule,
    "templates": _template,
    "blocked_words": _blocked,
    "policy": _policy,
    "retention": checked_rule,
    "accounts": _account,
}
