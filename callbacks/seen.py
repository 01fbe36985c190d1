"""Pages report which messages they showed: ``seen`` is when a visible page of a signed-on person first did (METRICS.md)."""

from flask import Flask, Response

from callbacks import bodies
from callbacks.guard import needs, wire_route
from callbacks.house import house
from data.desk import MOST_SEEN, mark_seen
from models.permissions import Permission, Scope
from models.problems import BadValue

LARGEST_KEY = 2**63 - 1


@needs(Permission.READ)
def seen(scope: Scope) -> Response:
    """Take a report, ``{"messages": [...]}``. It is no sign of a person at work: it never puts off the idle end."""
    body = bodies.read_json()
    keys = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST_SEEN or not all(map(is_key, keys)):
        raise BadValue("messages", f"give at most {MOST_SEEN} keys of messages")
    mark_seen(house().database, scope, keys, house().clock())
    return Response(status=204)


def is_key(value: object) -> bool:
    """Whether this may be the key of a row on either database."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_KEY


def register(server: Flask) -> None:
    """The route that pages report to."""
    wire_route(server, "/seen", seen, ("POST",))
