"""People: invite, add, roles, name and training, disable and enable."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data import colleagues
from data.invitations import invite, withdraw_invitation
from data.queries.admin.users import users
from layouts import links
from layouts.admin import users as layout
from models.permissions import Scope
from models.problems import NotFound


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab as its address says. A person who cannot be reached from here is simply not open."""
    wanted: dict[str, Any] = {
        "search": fields.get("q", "")[:100],
        "everybody": fields.get("who") == "all",
        "number": _number(fields),
    }
    home = house()
    try:
        chosen = key_of(fields["user"]) if "user" in fields else None
        return layout.body(users(home.database, scope, home.clock(), chosen=chosen, **wanted))
    except NotFound:
        return layout.body(users(home.database, scope, home.clock(), **wanted))


def _number(fields: dict[str, str]) -> int:
    text = fields.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def find(scope: Scope, _of: str, fields: Fields) -> Done:
    """Put the search into the address."""
    where = links.admin("users", scope.slug, q=fields.text("search", 100))
    return Done("", go="?" + where.partition("?")[2])


def ask_in(scope: Scope, _of: str, fields: Fields) -> Done:
    """Make an invitation and show its link this once."""
    home = house()
    token = invite(
        home.database, scope, fields.text("sign_in"), fields.text("name"), fields.chosen("role"), home.clock()
    )
    return Done(
        "The invitation is made. Hand its link on.",
        reveal=(
            "Invitation link",
            f"{home.settings.address}/invitation/{token}",
            "Give it to your colleague yourself. It works once, within three days, and is not shown again.",
        ),
    )


def withdraw(scope: Scope, of: str, _fields: Fields) -> Done:
    withdraw_invitation(house().database, scope, key_of(of), house().clock())
    return Done("The link no longer works.")


def add(scope: Scope, _of: str, fields: Fields) -> Done:
    name = colleagues.add_colleague(
        house().database, scope, fields.text("sign_in"), fields.chosen("role"), house().clock()
    )
    return Done(f"{name} has these roles here from now on.")


def roles(scope: Scope, of: str, fields: Fields) -> Done:
    home = house()
    before = colleagues.roles_held(home.database, scope, key_of(of))
    colleagues.set_roles(home.database, scope, key_of(of), fields.chosen("role"), home.clock())
    back = {f"role:{role}": True for role in before}
    return Done("The roles are saved. They count from the next click.", undo=("users.roles", of, back))


def person(scope: Scope, of: str, fields: Fields) -> Done:
    colleagues.set_person(
        house().database, scope, key_of(of), fields.text("name"), fields.day("until"), house().clock()
    )
    return Done("Saved.")


def disable(scope: Scope, of: str, _fields: Fields) -> Done:
    colleagues.disable(house().database, scope, key_of(of), house().clock())
    return Done("They are signed out everywhere and cannot sign in.", undo=("users.enable", of, {}))


def enable(scope: Scope, of: str, _fields: Fields) -> Done:
    colleagues.enable(house().database, scope, key_of(of), house().clock())
    return Done("They can sign in again.", undo=("users.disable", of, {}))


def installation(scope: Scope, of: str, fields: Fields) -> Done:
    holds = fields.flag("holds")
    colleagues.set_installation(house().database, scope, key_of(of), holds, house().clock())
    said = "They administer the whole installation now." if holds else "They no longer administer the installation."
    return Done(said, undo=("users.installation", of, {"holds": not holds}))


ACTS: dict[str, Act] = {
    "users.find": find,
    "users.invite": ask_in,
    "users.withdraw": withdraw,
    "users.add": add,
    "users.roles": roles,
    "users.person": person,
    "users.disable": disable,
    "users.enable": enable,
    "users.installation": installation,
}
