"""Grades and targets: change one, add one."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.administration import slug_of
from data.queries.admin.targets import targets
from data.targets import GradeFacts, add_grade, change_grade
from layouts.admin import targets as layout
from models.permissions import Scope
from models.problems import BadValue

LONGEST_MINUTES = 366 * 24 * 60


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(targets(house().database, scope))


def change(scope: Scope, of: str, fields: Fields) -> Done:
    change_grade(house().database, scope, key_of(of), _facts(fields), house().clock())
    return Done("The grade is saved.")


def add(scope: Scope, _of: str, fields: Fields) -> Done:
    key = fields.text("key", 40)
    if not key:
        raise BadValue("name in rules", "give it one, such as low")
    add_grade(house().database, scope, slug_of(key), _facts(fields), house().clock())
    return Done("The grade is added.")


def _facts(fields: Fields) -> GradeFacts:
    clock = fields.text("clock")
    promised = [("", fields.number("minutes", 1, LONGEST_MINUTES) * 60, clock)]
    for channel, text in sorted(fields.starting("channel").items()):
        if text.strip() and 0 < len(channel) <= 40:
            minutes = fields.number(f"channel:{channel}", 1, LONGEST_MINUTES)
            promised.append((channel, minutes * 60, clock))
    return GradeFacts(fields.text("word"), fields.text("look"), fields.flag("needs_approval"), promised)


ACTS: dict[str, Act] = {"targets.change": change, "targets.add": add}
