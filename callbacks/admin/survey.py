"""The survey: turn it on or off, and word it."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields
from callbacks.house import house
from data.queries.admin.survey import survey
from data.survey import set_ways
from layouts.admin import survey as layout
from models.permissions import Scope


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(survey(house().database, scope))


def change(scope: Scope, _of: str, fields: Fields) -> Done:
    on = fields.flag("on")
    set_ways(house().database, scope, on, fields.text("text", 1000), house().clock())
    return Done("It is asked from the next closing on." if on else "Nobody is asked any more.")


ACTS: dict[str, Act] = {"survey.change": change}
