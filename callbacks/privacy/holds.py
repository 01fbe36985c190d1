"""Legal holds: hold something, lift a hold."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data import legal_holds as data
from data.queries.privacy.holds import holds
from layouts.privacy import holds as layout
from models.permissions import Scope


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(holds(house().database, scope, house().clock()))


def hold(scope: Scope, of: str, fields: Fields) -> Done:
    """On the number of the form, or on the contact that ``of`` names beside its card."""
    kind, key = ("contact", key_of(of)) if of else (fields.text("kind"), key_of(fields.text("number")))
    data.hold(house().database, scope, kind, key, fields.text("reason"), house().clock())
    return Done(f"The {kind} is held: nothing of it goes until the hold is lifted.")


def lift(scope: Scope, of: str, fields: Fields) -> Done:
    data.lift(house().database, scope, key_of(of), fields.text("reason"), house().clock())
    return Done("The hold is lifted.")


ACTS: dict[str, Act] = {"holds.hold": hold, "holds.lift": lift}
