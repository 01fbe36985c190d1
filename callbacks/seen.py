"""Pages report which messages they showed: ``seen`` is when a visible page of a signed-on person first did (METRICS.md)."""

from flask import Flask, Response

from callbacks import bodies
from callbacks.guard import needs, wire_route
from callbacks.house import house
from data.desk import MOST_SEEN, mark_seen
from data.notes import mark_shown
from models.permissions import Permission, Scope
from models.problems import BadValue

LARGEST_KEY = 2**63 - 1


@needs(Permission.READ)
def seen(scope: Scope) -> Response:
    """Take a report, ``{"messages": [...], "notes": [...]}``; a note that called the person to it is read by that.

    It is no sign of a person at work: it never puts off the idle end.
    """
    body = bodies.read_json()
    facts = body if isinstance(body, dict) else {}
    messages, notes = (keys_in(facts.get(name, default)) for name, default in (("messages", None), ("notes", [])))
    mark_seen(house().database, scope, messages, house().clock())
    mark_shown(house().database, scope, notes, house().clock())
    return Response(status=204)


def keys_in(keys: object) -> list[int]:
    """The keys of a report. Raises ``BadValue`` for anything else."""
    if not isinstance(keys, list) or len(keys) > MOST_SEEN or not all(map(is_key, keys)):
        raise BadValue("messages", f"give at most {MOST_SEEN} keys of messages")
    return keys


def is_key(value: object) -> bool:
    """Whether this may be the key of a row on either database."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_KEY


def register(server: Flask) -> None:
    """The route that pages report to."""
    wire_route(server, "/seen", seen, ("POST",))
