"""The API: figures, counts of the queue and states of accounts as JSON, read only, for tokens and for signed-in browsers.

A token comes as ``Authorization: Bearer``; what it opens is decided in ``data/tokens.py``, by the same permissions as pages.
"""

from datetime import date
from typing import Any

from flask import Flask, Response, jsonify, request

from callbacks import openapi, reports
from callbacks.guard import needs, somebody, wire_route
from callbacks.house import house
from data.queries.accounts import accounts
from data.queries.queue import queue
from models.filters import filters_from
from models.permissions import Permission, Scope
from models.problems import BadValue
from models.snapshots import AccountRow, Wait
from models.tables import Cell, minutes, tables_of

PATH = "/api/v1"
REPORTS = ("activity", "response", "hours", "engagement", "topics")
"""Reports of one workspace: a token reaches into no other, so the comparison of workspaces is not among them."""
MOST = 200


@somebody
def document() -> Response:
    """What the API answers, as OpenAPI 3.1."""
    return jsonify(openapi.document(PATH, REPORTS, MOST))


@needs(Permission.REPORT)
def report(scope: Scope, report: str) -> Response:
    """The tables of a report, by the filters of its address; waits in minutes, ``null`` for what is not known."""
    found = reports.read(scope, report, request.query_string.decode(errors="replace"))
    filters = found.head.filters
    tables = [
        {
            "key": table.key,
            "title": table.title,
            "columns": [{"name": column.name, "kind": column.what} for column in table.columns],
            "rows": [[plain(cell) for cell in row] for row in table.rows],
        }
        for table in tables_of(found)
    ]
    return answer(scope, report=report, first=filters.first.isoformat(), last=filters.last.isoformat(), tables=tables)


def plain(cell: Cell) -> Any:
    """A cell as JSON holds it: a day in digits, a wait in minutes and whether that many were waited for."""
    if isinstance(cell, Wait):
        return {"minutes": round(minutes(cell), 2), "reached": cell.reached}
    return cell.isoformat() if isinstance(cell, date) else cell


@needs(Permission.READ)
def counts(scope: Scope) -> Response:
    """How many conversations each view of the queue holds, and how many wait at each account."""
    found = queue(house().database, scope, filters_from({}), house().clock())
    return answer(
        scope,
        views={one.key: one.count for one in found.views},
        accounts=[{"id": one.id, "account": one.handle, "waiting": one.count} for one in found.accounts],
    )


@needs(Permission.VIEW_ACCOUNTS)
def states(scope: Scope) -> Response:
    """What every account's connector does, by key: those ``after`` a key, ``limit`` at a time. Raises ``BadValue``."""
    after, limit = number("after", 0, 2**63 - 1, 0), number("limit", 1, MOST, MOST)
    found = accounts(house().database, scope, house().clock())
    rest = sorted((row for row in found.rows if row.cell.id > after), key=lambda row: row.cell.id)
    page = rest[:limit]
    following = page[-1].cell.id if len(rest) > limit else None
    return answer(scope, reading=found.poller_alive, accounts=[state(row) for row in page], next=following)


def state(row: AccountRow) -> dict[str, Any]:
    """An account as JSON holds it."""
    cell = row.cell
    return {
        "id": cell.id,
        "account": cell.handle,
        "channel": cell.channel,
        "state": cell.state,
        "since": cell.since.isoformat() if cell.since else None,
        "last_success": cell.last_success.isoformat() if cell.last_success else None,
        "watch": cell.watch.state if cell.watch else None,
    }


def number(name: str, least: int, most: int, otherwise: int) -> int:
    """A whole number of the query. Raises ``BadValue``."""
    text = request.args.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise BadValue(name, f"give a whole number from {least} to {most}")
    return int(text)


def answer(scope: Scope, **facts: Any) -> Response:
    """The facts, of which workspace they are and of when; never kept by anything on the way."""
    response = jsonify(workspace=scope.slug, as_at=house().clock().isoformat(), **facts)
    response.headers["Cache-Control"] = "no-store"
    return response


def register(server: Flask) -> None:
    """The document and what it describes."""
    wire_route(server, f"{PATH}/openapi.json", document)
    wire_route(server, f"{PATH}/reports/<any({','.join(REPORTS)}):report>", report)
    wire_route(server, f"{PATH}/queue", counts)
    wire_route(server, f"{PATH}/accounts", states)
