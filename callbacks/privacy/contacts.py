"""Contacts: find, hand out what is held, erase."""

import json
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response

from callbacks.admin.acts import Act, Done
from callbacks.callers import current_session
from callbacks.fields import Fields, key_of
from callbacks.guard import needs, wire_route
from callbacks.house import house
from data.audit import actor_of
from data.erasing import erase_by
from data.exports import Sheet, write_xlsx
from data.freshness import require_fresh
from data.queries.privacy.contacts import contacts
from data.subject_access import access_pack
from layouts import links, wording
from layouts.privacy import contacts as layout
from models.permissions import Permission, Scope
from models.problems import NotFound

LONGEST_SEARCH = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab; a chosen contact that is not of this workspace is not shown."""
    search, chosen = fields.get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip(), fields.get("contact", "")
    try:
        key = key_of(chosen) if chosen else None
        found = contacts(house().database, scope, search, key, house().clock())
    except NotFound:
        found = contacts(house().database, scope, search, None, house().clock())
    return layout.body(found)


def find(scope: Scope, _of: str, fields: Fields) -> Done:
    address = links.privacy("contacts", scope.slug, q=fields.text("q", LONGEST_SEARCH))
    return Done("", go=f"?{address.partition('?')[2]}")


def erase(scope: Scope, of: str, fields: Fields) -> Done:
    home = house()
    typed, reason = fields.text("typed", 1_000), fields.text("reason")
    done = erase_by(home.database, scope, key_of(of), typed, reason, home.clock())
    gone = (
        f"{wording.plural(done.contacts, 'identity', 'identities')}, "
        f"{wording.plural(done.conversations, 'conversation')}, {wording.plural(done.messages, 'message')}"
    )
    return Done(f"Erased: {gone}. The database's files are cleaned of it next.")


@needs(Permission.PRIVACY)
def pack(scope: Scope, contact: int, file: str) -> Response:
    """All that is held of a contact, as a file. It asks for a fresh sign-in, and is on the record."""
    require_fresh(current_session(), house().clock())
    held = access_pack(house().database, scope.workspace_id, contact, house().clock(), actor_of(scope))
    if file == "json":
        response = Response(
            json.dumps(held, indent=2, ensure_ascii=False).encode(errors="replace"), mimetype="application/json"
        )
    else:
        response = Response(_workbook(held), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"watchroom-contact-{contact}.{file}")
    response.headers["Cache-Control"] = "no-store"
    return response


def _workbook(held: dict[str, Any]) -> bytes:
    """A sheet for each table that holds something of theirs."""
    from io import BytesIO

    holder = BytesIO()
    tables = {name: rows for name, rows in held.items() if isinstance(rows, list) and rows}
    write_xlsx(holder, [Sheet(name, list(rows[0]), _cells(rows)) for name, rows in tables.items()])
    return holder.getvalue()


def _cells(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    plain = (str, int, float, bool, type(None))
    return [
        [one if isinstance(one, plain) else json.dumps(one, ensure_ascii=False) for one in row.values()] for row in rows
    ]


def register(server: Flask) -> None:
    """The download's route."""
    wire_route(server, "/privacy/pack/<int:contact>.<any(json, xlsx):file>", pack)


ACTS: dict[str, Act] = {"contacts.find": find, "contacts.erase": erase}
