"""Workflow rules: write, change, copy, turn on and off, put in order, delete, take back."""

import re
from dataclasses import replace
from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.queries.admin.rules import effect_of, rules, sentence_of
from data.queries.admin.trials import trial_page
from data.rules import (
    MOST_RULES,
    RuleDraft,
    change_rule,
    check_draft,
    copy_rule,
    create_rule,
    delete_rule,
    move_rule,
    restore_rule,
    switch_rule,
)
from layouts import links
from layouts.admin import rules as layout
from layouts.admin import trials as trial_layout
from models.permissions import Scope
from models.problems import BadValue, NotFound
from models.snapshots.rules import RulesPage

LARGEST_PAGE = 10**9
LONGEST_WORDS = 250_000
"""Characters of the words of one rule."""


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab as its address says."""
    try:
        return layout.body(_page(scope, key_of(fields["rule"]) if "rule" in fields else None))
    except NotFound:
        return layout.body(_page(scope))


def _page(scope: Scope, chosen: int | None = None) -> RulesPage:
    return rules(house().database, scope, house().clock(), chosen)


def create(scope: Scope, _of: str, fields: Fields) -> Done:
    key = create_rule(house().database, scope, _draft(fields), house().clock())
    return Done("The rule is saved, and off. Turn it on when it is right.", go=_address(scope, key))


def save(scope: Scope, of: str, fields: Fields) -> Done:
    change_rule(house().database, scope, key_of(of), _draft(fields), house().clock())
    return Done("The rule is saved.")


def check(scope: Scope, of: str, fields: Fields) -> Done:
    """What the form says now in words, or why it could not be kept."""
    try:
        facts = check_draft(house().database, scope, _draft(fields), key_of(of) if of else None)
    except BadValue as problem:
        return Done("", beside={layout.Ids.CHECK: layout.refused(str(problem))})
    known = _page(scope).choices
    when, then = sentence_of(facts.conditions, dict(known.accounts)), effect_of(facts.actions, dict(known.grades))
    return Done("", beside={layout.Ids.CHECK: layout.checked(when, then)})


def attempt(scope: Scope, of: str, fields: Fields) -> Done:
    """Try the rule as the form says it, saved or not."""
    key = key_of(of) if of else None
    facts = check_draft(house().database, scope, _draft(fields), key)
    house().trials.start(scope, replace(facts, id=key or 0))
    return look(scope, of, fields)


def look(scope: Scope, _of: str, fields: Fields) -> Done:
    """How far the trial is, and the page asked for of what it found."""
    home = house()
    trial = home.trials.look(scope)
    if trial is None:
        return Done("", beside={layout.Ids.TRIAL: []})
    number = fields.maybe("page", 1, LARGEST_PAGE) or 1
    found = trial_page(home.database, scope, trial, number, home.clock())
    return Done("", beside={layout.Ids.TRIAL: trial_layout.result(found)})


def stop(scope: Scope, of: str, fields: Fields) -> Done:
    house().trials.stop(scope)
    return look(scope, of, fields)


def copy(scope: Scope, of: str, _fields: Fields) -> Done:
    key = copy_rule(house().database, scope, key_of(of), house().clock())
    return Done("This is the copy. It is off until you turn it on.", go=_address(scope, key))


def switch(scope: Scope, of: str, fields: Fields) -> Done:
    on = fields.flag("on")
    switch_rule(house().database, scope, key_of(of), on, house().clock())
    said = "The rule is on: it acts on what arrives from now on." if on else "The rule is off."
    return Done(said, undo=("rules.switch", of, {"on": not on}), beside=_list(scope))


def move(scope: Scope, of: str, fields: Fields) -> Done:
    place = fields.number("place", 0, MOST_RULES + 1)
    move_rule(house().database, scope, key_of(of), place, house().clock())
    return Done("The order is changed.", beside=_list(scope))


def delete(scope: Scope, of: str, _fields: Fields) -> Done:
    was = delete_rule(house().database, scope, key_of(of), house().clock())
    return Done("The rule is gone.", undo=("rules.restore", str(was), {}), go=_address(scope))


def restore(scope: Scope, of: str, _fields: Fields) -> Done:
    key = restore_rule(house().database, scope, key_of(of), house().clock())
    return Done("The rule is what it was then.", go=_address(scope, key, again=of))


def _list(scope: Scope) -> dict[str, Any]:
    """The list alone: what somebody writes beside it stays."""
    return {layout.Ids.LIST: layout.listing(_page(scope))}


def _address(scope: Scope, key: int | None = None, again: str = "") -> str:
    return "?" + links.admin("rules", scope.slug, rule=key, back=again).partition("?")[2]


def _draft(fields: Fields) -> RuleDraft:
    conditions: dict[str, Any] = {
        "channels": [name.partition(":")[2] for name in fields.ticked("channel")],
        "kinds": [name.partition(":")[2] for name in fields.ticked("kind")],
        "accounts": sorted(fields.chosen("account")),
        "languages": re.findall(r"[^\s,;]+", fields.text("languages")),
        "contact": fields.text("contact"),
        "hours": fields.text("hours"),
        "media": [name.partition(":")[2] for name in fields.ticked("media")],
    }
    words = {part: _lines(fields.text(part, LONGEST_WORDS)) for part in ("any", "none")}
    if any(words.values()):
        conditions["words"] = words
    actions: dict[str, Any] = {name: _named(fields.text(name)) for name in ("grade", "topic", "team", "assign")}
    actions |= {name: fields.flag(name) for name in ("spam", "alarm")}
    actions["flags"] = _parts(fields.text("flags", 1_000))
    return RuleDraft(fields.text("name"), conditions, actions)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _named(text: str) -> str | None:
    return None if text in ("", layout.NONE) else text


ACTS: dict[str, Act] = {
    "rules.create": create,
    "rules.save": save,
    "rules.check": check,
    "rules.try": attempt,
    "rules.look": look,
    "rules.stop": stop,
    "rules.copy": copy,
    "rules.switch": switch,
    "rules.move": move,
    "rules.delete": delete,
    "rules.restore": restore,
}
