"""Disposal: let go what is due, put it off, and the certificates of what went."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, jsonify, make_response, render_template

from callbacks.admin.acts import Act, Done
from callbacks.callers import theme
from callbacks.fields import Fields
from callbacks.guard import needs, wire_route
from callbacks.house import house
from data import disposing as data
from data.listening import dispose_listening
from data.people import workspace_mark
from data.queries.privacy.disposal import certificate, disposal
from layouts import wording
from layouts.privacy import disposal as layout
from models.permissions import Permission, Scope
from models.problems import BadValue
from models.retention import MOST_ALONE, MOST_AT_ONCE
from models.snapshots.privacy import CertificateRow


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(disposal(house().database, scope, house().clock()))


def decide(scope: Scope, _of: str, fields: Fields) -> Done:
    """Let go. The number is typed, so that a slip takes nothing."""
    chosen = _chosen(scope, fields)
    if fields.number("count", 1, MOST_AT_ONCE) != len(chosen):
        raise BadValue("count", f"you chose {len(chosen)}, so nothing went: type that number, or choose again")
    done = data.dispose(house().database, scope, chosen, "", house().clock())
    gone = f"{wording.plural(done.conversations, 'conversation')}, {wording.plural(done.messages, 'message')}"
    return Done(f"Gone: {gone}. Certificate {done.certificate} says so.")


def listening(scope: Scope, _of: str, fields: Fields) -> Done:
    """Let go of what belongs to no conversation. The number is typed, so that a slip takes nothing."""
    done = dispose_listening(house().database, scope, fields.number("count", 1, MOST_ALONE), house().clock())
    return Done(f"Gone: {wording.plural(done.messages, 'message')}. Certificate {done.certificate} says so.")


def defer(scope: Scope, _of: str, fields: Fields) -> Done:
    chosen, day = _chosen(scope, fields), fields.day("until")
    if day is None:
        raise BadValue("until", "give a day")
    zone = ZoneInfo(workspace_mark(house().database, scope.workspace_id).zone)
    until = datetime.combine(day, time(), zone)
    data.defer(house().database, scope, chosen, until, fields.text("reason"), house().clock())
    return Done(f"Put off until {day:%d %B %Y}.")


def _chosen(scope: Scope, fields: Fields) -> set[int]:
    """What is ticked; all that the list shows where that is ticked."""
    if not fields.flag("everything"):
        return fields.chosen("due")
    return {one.id for one in disposal(house().database, scope, house().clock()).due}


@needs(Permission.PRIVACY)
def show(scope: Scope, number: int, file: str) -> Response:
    """A certificate, to print or as JSON. It names nobody outside."""
    found = certificate(house().database, scope, number)
    if file == "json":
        response = jsonify(_facts(found, scope))
        response.headers.set("Content-Disposition", "attachment", filename=f"{scope.slug}-certificate-{number}.json")
        return response
    mark = workspace_mark(house().database, scope.workspace_id)
    made = f"{wording.local(found.made, mark.zone):%d %B %Y, %H:%M} ({mark.zone})"
    return make_response(render_template("certificate.html", one=found, made=made, place=mark.name, theme=theme()))


def _facts(found: CertificateRow, scope: Scope) -> dict[str, Any]:
    return {
        "workspace": scope.slug,
        "certificate": found.number,
        "made": found.made.isoformat(),
        "by": found.by,
        "rule": found.rule,
        "reason": found.reason,
        "contacts": found.contacts,
        "messages": found.messages,
        "conversations": found.conversations,
        "audit": {"event": found.event, "sequence": found.sequence, "digest": found.digest},
    }


def register(server: Flask) -> None:
    """The certificates' route."""
    wire_route(server, "/privacy/certificate/<int:number>.<any(html, json):file>", show)


ACTS: dict[str, Act] = {"disposal.decide": decide, "disposal.listening": listening, "disposal.defer": defer}
