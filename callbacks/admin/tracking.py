"""Short links: make one, turn one off and on."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.queries.admin.tracking import tracking
from data.tracking import add_link, set_link_off
from layouts.admin import tracking as layout
from models.permissions import Scope
from models.tracking import LONGEST_NAME
from models.webhooks import LONGEST_ADDRESS


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(tracking(house().database, scope, house().clock()))


def add(scope: Scope, _of: str, fields: Fields) -> Done:
    home = house()
    name, target = fields.text("name", LONGEST_NAME), fields.text("target", LONGEST_ADDRESS)
    code = add_link(home.database, scope, name, target, home.clock())
    return Done(
        "Put it into a post.", reveal=("Short link", f"{home.settings.address}/l/{code}", "It stays in the list.")
    )


def off(scope: Scope, of: str, _fields: Fields) -> Done:
    set_link_off(house().database, scope, key_of(of), True, house().clock())
    return Done("It says that it was turned off.", undo=("tracking.on", of, {}))


def on(scope: Scope, of: str, _fields: Fields) -> Done:
    set_link_off(house().database, scope, key_of(of), False, house().clock())
    return Done("It leads to its target again.")


ACTS: dict[str, Act] = {"tracking.add": add, "tracking.off": off, "tracking.on": on}
