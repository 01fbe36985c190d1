"""Workspaces: make some, change this one, its outcomes and topics."""

from datetime import timedelta
from functools import partial
from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data import workspaces as data
from data.queries.admin.workspaces import workspaces
from layouts.admin import workspaces as layout
from models.permissions import Scope

LONGEST_GAP = 24 * 90
LONGEST_KEPT = 36_500


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(workspaces(house().database, scope))


def make(scope: Scope, _of: str, fields: Fields) -> Done:
    source = fields.text("source")
    pattern = None if source == layout.SHIPPED else key_of(source)
    made = data.make_workspaces(
        house().database, scope, fields.text("names", 6_000).splitlines(), pattern, house().clock()
    )
    names = ", ".join(name for _, name in made)
    return Done(f"Made: {names}.")


def change(scope: Scope, _of: str, fields: Fields) -> Done:
    data.change_workspace(
        house().database,
        scope,
        name=fields.text("name"),
        zone=fields.text("zone"),
        gap=timedelta(hours=fields.number("gap", 1, LONGEST_GAP)),
        aim=fields.number("aim", 1, 100) / 100,
        retention_days=fields.maybe("retention_days", 1, LONGEST_KEPT),
        at=house().clock(),
    )
    return Done("The workspace is saved.")


def add(kind: str, scope: Scope, _of: str, fields: Fields) -> Done:
    left_out = fields.flag("left_out")
    key = data.add_word(house().database, scope, kind, fields.text("word"), house().clock(), left_out=left_out)
    return Done(f"The {kind} is added.", undo=(f"workspaces.un{kind}", key, {}))


def reword(kind: str, scope: Scope, of: str, fields: Fields) -> Done:
    before = data.change_word(house().database, scope, kind, key_of(of), fields.text("word"), house().clock())
    return Done(f"The {kind} is called that from now on.", undo=(f"workspaces.re{kind}", of, {"word": before}))


def remove(kind: str, scope: Scope, of: str, _fields: Fields) -> Done:
    word = data.remove_word(house().database, scope, kind, key_of(of), house().clock())
    return Done(f"The {kind} is gone.", undo=(f"workspaces.{kind}", "", {"word": word}))


ACTS: dict[str, Act] = {
    "workspaces.make": make,
    "workspaces.change": change,
    "workspaces.outcome": partial(add, "outcome"),
    "workspaces.topic": partial(add, "topic"),
    "workspaces.reoutcome": partial(reword, "outcome"),
    "workspaces.retopic": partial(reword, "topic"),
    "workspaces.unoutcome": partial(remove, "outcome"),
    "workspaces.untopic": partial(remove, "topic"),
}
