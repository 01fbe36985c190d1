"""Kiosks: pair a screen by its code, revoke one."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.audit import actor_of
from data.kiosks import revoke_kiosk
from data.pairings import pair
from data.queries.admin.kiosks import kiosks
from layouts.admin import kiosks as layout
from models.permissions import Permission, Scope


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(kiosks(house().database, scope))


def make(scope: Scope, _of: str, fields: Fields) -> Done:
    name, board = fields.text("name", 60), fields.text("board")
    pair(house().database, scope, fields.text("code", 20), name, board, fields.text("theme"), house().clock())
    return Done("The screen shows its board within a few seconds.")


def revoke(scope: Scope, of: str, _fields: Fields) -> Done:
    scope.require(Permission.ADMINISTER)
    revoke_kiosk(house().database, scope.workspace_id, key_of(of), house().clock(), actor_of(scope))
    return Done("The screen goes dark within seconds.")


ACTS: dict[str, Act] = {"kiosks.pair": make, "kiosks.revoke": revoke}
