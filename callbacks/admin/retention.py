"""How long conversations are kept: add a rule, move one up, take one away."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data import retention as data
from data.queries.admin.retention import retention
from layouts.admin import retention as layout
from models.permissions import Scope

LONGEST = 36_500


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(retention(house().database, scope))


def add(scope: Scope, _of: str, fields: Fields) -> Done:
    given: dict[str, Any] = {name: fields.text(name) for name in ("name", "unit")}
    for name in ("outcome", "topic", "kind"):
        chosen = fields.text(name)
        given[name] = "" if chosen == layout.ANY else chosen
    given["length"] = fields.number("length", 1, LONGEST)
    key = data.add_rule(house().database, scope, given, house().clock())
    return Done("The rule is added. It decides after those above it.", undo=("retention.remove", key, {}))


def up(scope: Scope, of: str, _fields: Fields) -> Done:
    data.raise_rule(house().database, scope, key_of(of), house().clock())
    return Done("It decides before the one that was above it.")


def remove(scope: Scope, of: str, _fields: Fields) -> Done:
    line = data.remove_rule(house().database, scope, key_of(of), house().clock())
    again = {name: value for name, value in line.items() if value is not None}
    return Done("The rule is gone.", undo=("retention.add", "", again))


ACTS: dict[str, Act] = {"retention.add": add, "retention.up": up, "retention.remove": remove}
