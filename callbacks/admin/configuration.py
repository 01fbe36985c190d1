"""Configuration as a file: show, download, compare, apply."""

from typing import Any

from flask import Flask, Response

from callbacks.admin.acts import Act, Done
from callbacks.callers import current_session
from callbacks.fields import Fields
from callbacks.guard import needs, wire_route
from callbacks.house import house
from data.configuration import LARGEST_FILE, export_configuration, import_configuration
from data.exports import note_export
from data.freshness import require_fresh
from data.queries.admin.configuration import compared, configuration
from layouts.admin import configuration as layout
from models.permissions import Permission, Scope


def draw(scope: Scope, _fields: dict[str, str], *, text: str | None = None, shown: bool = False) -> list[Any]:
    """The tab; with ``text`` what it would change."""
    if text is not None:
        return layout.body(compared(house().database, scope, text, house().clock()))
    return layout.body(configuration(house().database, scope, shown=shown))


def show(_scope: Scope, _of: str, _fields: Fields) -> Done:
    return Done("The configuration stands in the field.", drawn={"shown": True})


def compare(_scope: Scope, _of: str, fields: Fields) -> Done:
    return Done("This is what would change.", drawn={"text": fields.text("text", LARGEST_FILE)})


def apply(scope: Scope, _of: str, fields: Fields) -> Done:
    number = import_configuration(house().database, scope, fields.text("text", LARGEST_FILE), house().clock())
    return Done(f"Changed {number} lines." if number != 1 else "Changed one line.")


@needs(Permission.ADMINISTER)
def download(scope: Scope) -> Response:
    """The file. It asks for a fresh sign-in, as every export does."""
    require_fresh(current_session(), house().clock())
    text = export_configuration(house().database, scope)
    note_export(house().database, scope, "configuration", {}, house().clock())
    name = f"attachment; filename={scope.slug}.yaml"
    return Response(
        text, mimetype="application/yaml", headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )


def register(server: Flask) -> None:
    """The download's route."""
    wire_route(server, "/admin-configuration", download)


ACTS: dict[str, Act] = {"configuration.show": show, "configuration.compare": compare, "configuration.apply": apply}
