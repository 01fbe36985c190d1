"""Lockdown: begin one, end one."""

from datetime import timedelta
from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.lockdowns import begin_lockdown, end_lockdown, settle
from data.queries.admin.lockdown import lockdown
from layouts import wording
from layouts.admin import lockdown as layout
from models.permissions import Scope

LONGEST_MINUTES = 72 * 60


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(lockdown(house().database, scope, house().clock()))


def begin(scope: Scope, _of: str, fields: Fields) -> Done:
    """Hold back at once; then wait for what was on its way already, and say what still is."""
    home = house()
    chosen = None if fields.flag("all") else fields.chosen("account")
    lasts = timedelta(minutes=fields.number("lasts", 1, LONGEST_MINUTES))
    begin_lockdown(home.database, scope, chosen, lasts, fields.text("reason"), home.clock())
    left = settle(home.database, scope, home.clock)
    if left:
        said = wording.plural(left, "reply had", "replies had")
        return Done(f"No further reply leaves. {said} been handed to the network before and may still appear.")
    return Done("No reply leaves any more, and none is on its way.")


def end(scope: Scope, of: str, _fields: Fields) -> Done:
    end_lockdown(house().database, scope, key_of(of), house().clock())
    return Done("Replies leave again.")


ACTS: dict[str, Act] = {"lockdown.begin": begin, "lockdown.end": end}
