"""Workflow rules, to look at."""

from typing import Any

from callbacks.admin.acts import Act
from callbacks.house import house
from data.queries.admin.rules import rules
from layouts.admin import rules as layout
from models.permissions import Scope


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(rules(house().database, scope))


ACTS: dict[str, Act] = {}
