"""Pages say which conversation they show and whether somebody types in it, and are told who else is there."""

import re
from typing import Any

from flask import Flask, Response, jsonify

from callbacks import bodies
from callbacks.callers import note_by_hand
from callbacks.guard import needs, wire_route
from callbacks.house import house
from callbacks.seen import is_key
from data import presence
from layouts import wording
from models.permissions import Permission, Scope
from models.problems import BadValue

PAGE = re.compile(r"[0-9a-f]{8,32}")
"""What a page calls itself: random digits, made when it is opened."""


@needs(Permission.READ)
def look(scope: Scope) -> Response:
    """Take ``{"page", "conversation", "typed", "acted"}`` and answer ``{"says"}``; without a conversation the page leaves it.

    Typing and pressing are signs of a person at work: they put off the session's idle end. Looking is none.
    """
    body = bodies.read_json()
    page = body.get("page") if isinstance(body, dict) else None
    if not isinstance(page, str) or not PAGE.fullmatch(page):
        raise BadValue("page", "give the digits that the page calls itself by")
    now = house().clock()
    if body.get("conversation") is None:
        presence.leave(house().database, scope, page, now)
        return jsonify(says="")
    beat = presence.Beat(key_in(body), page, body.get("typed") is True, body.get("acted") is True)
    if beat.typed or beat.acted:
        note_by_hand()
    return jsonify(says=wording.looking(presence.beat(house().database, scope, beat, now), now))


def key_in(body: dict[str, Any]) -> int:
    """The conversation that the page shows. Raises ``BadValue``."""
    key = body["conversation"]
    if not is_key(key):
        raise BadValue("conversation", "give the key of a conversation")
    return int(key)


def register(server: Flask) -> None:
    """The route that pages report to."""
    wire_route(server, "/presence", look, ("POST",))
