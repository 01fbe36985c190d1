"""Roles: make, change, delete, and look at what one person can see."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.queries.admin.roles import roles
from data.roles import change_role, create_role, delete_role, take_in_role
from layouts import links
from layouts.admin import roles as layout
from models.permissions import Scope
from models.problems import NotFound


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab as its address says."""
    wanted = {name: key_of(fields[part]) for name, part in (("chosen", "role"), ("person", "person")) if part in fields}
    try:
        return layout.body(roles(house().database, scope, **wanted))
    except NotFound:
        return layout.body(roles(house().database, scope))


def create(scope: Scope, _of: str, fields: Fields) -> Done:
    create_role(house().database, scope, fields.text("name"), _may(fields), house().clock())
    return Done("The role is made. Give it to people under Users.")


def take_in(scope: Scope, of: str, _fields: Fields) -> Done:
    take_in_role(house().database, scope, of, house().clock())
    return Done(f"{of} can be given to people under Users.")


def change(scope: Scope, of: str, fields: Fields) -> Done:
    change_role(house().database, scope, key_of(of), fields.text("name"), _may(fields), house().clock())
    return Done("The role is saved. It counts from everybody's next click.")


def delete(scope: Scope, of: str, _fields: Fields) -> Done:
    delete_role(house().database, scope, key_of(of), house().clock())
    return Done("The role is gone.", go="?" + links.admin("roles", scope.slug).partition("?")[2])


def preview(scope: Scope, _of: str, fields: Fields) -> Done:
    where = links.admin("roles", scope.slug, person=key_of(fields.text("person")))
    return Done("", go="?" + where.partition("?")[2])


def _may(fields: Fields) -> list[str]:
    return [name.partition(":")[2] for name in fields.ticked("may")]


ACTS: dict[str, Act] = {
    "roles.create": create,
    "roles.take in": take_in,
    "roles.change": change,
    "roles.delete": delete,
    "roles.preview": preview,
}
