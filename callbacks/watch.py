"""Open queues say every few seconds that they are open, what they show, and how long ago somebody did something there."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response

from callbacks import bodies
from callbacks.guard import needs, wire_route
from callbacks.house import house
from callbacks.places import fields_of
from callbacks.presence import PAGE
from data import watch
from models.filters import filters_from
from models.permissions import Permission, Scope
from models.problems import BadValue

LONGEST_SEARCH = 4_000
LONGEST_IDLE = 86_400


@needs(Permission.READ)
def look(scope: Scope) -> Response:
    """Take ``{"page", "search", "idle"}``; without a search the queue is open no more. ``idle`` are seconds.

    It is no sign of a person at work for the session: only what they do is. Raises ``BadValue``.
    """
    body = bodies.read_json()
    facts: dict[str, Any] = body if isinstance(body, dict) else {}
    page, search, idle = facts.get("page"), facts.get("search"), facts.get("idle", 0)
    if not isinstance(page, str) or not PAGE.fullmatch(page):
        raise BadValue("page", "give the digits that the page calls itself by")
    now = house().clock()
    if search is None:
        watch.leave(house().database, scope, page, now)
        return Response(status=204)
    if not isinstance(search, str) or len(search) > LONGEST_SEARCH:
        raise BadValue("search", "give the queue's own address")
    if isinstance(idle, bool) or not isinstance(idle, int) or not 0 <= idle <= LONGEST_IDLE:
        raise BadValue("idle", "give whole seconds, of a day at most")
    said = watch.Sight(page, filters_from(fields_of(search)), timedelta(seconds=idle))
    watch.beat(house().database, scope, said, now)
    return Response(status=204)


def register(server: Flask) -> None:
    """The route that open queues report to."""
    wire_route(server, "/watch", look, ("POST",))
