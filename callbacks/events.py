"""``GET /events``: the stream that keeps open pages true.

``?workspace=<slug>[&workspace=<slug>]&board=<name>[&board=<name>]&desk=1`` asks for every audience named, in every
workspace named; what the caller may not see is left out, and nothing at all is 403. ``once=1`` answers the whole state
and ends: for pages that cannot have a stream. An open stream never counts as something that a person did.
"""

import select
import socket
from collections.abc import Callable, Iterator
from functools import partial

from flask import Flask, Response, abort, request

from callbacks.callers import caller, scope_at
from callbacks.guard import somebody, wire_route
from callbacks.house import house
from data.frames import DESK, Feed
from data.kiosks import KioskFacts
from data.live import HubFull, Subscription
from data.signing import SessionFacts
from data.standing import Standing
from models.permissions import Permission, Scope
from models.problems import NotFound

HEARTBEAT_SECONDS = 15.0
RETRY_SECONDS = 30
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
LONGEST_LIST = 20
"""More workspaces or boards than anybody shows in one browser."""

Wanted = list[tuple[Feed, Permission]]


@somebody
def events() -> Response:
    """The stream, or with ``once=1`` one answer. 503 with ``Retry-After`` where every place is taken."""
    wanted = asked_for()
    if not wanted:
        abort(403)
    feeds = [feed for feed, _ in wanted]
    if request.args.get("once") == "1":
        return Response(map(house().hub.latest, feeds), mimetype="text/event-stream", headers=HEADERS)
    try:
        place = house().hub.subscribe(feeds, standing_of(wanted), hung_up(request.environ.get("gunicorn.socket")))
    except HubFull:
        return Response("Every place is taken.\n", 503, HEADERS | {"Retry-After": str(RETRY_SECONDS)}, "text/plain")
    response = Response(stream(place), mimetype="text/event-stream", headers=HEADERS)
    # A response that is closed before its first byte has never entered the generator below.
    response.call_on_close(place.close)
    return response


def asked_for() -> Wanted:
    """The feeds of the query that the caller may see, each with the permission that it rests on."""
    slugs = request.args.getlist("workspace")
    audiences = [*request.args.getlist("board"), *([DESK] if request.args.get("desk") == "1" else [])]
    if not slugs or not audiences or len(slugs) + len(audiences) > LONGEST_LIST:
        abort(400)
    if not set(audiences) <= house().hub.audiences:
        abort(400)
    return [found for slug in dict.fromkeys(slugs) for found in allowed(slug, audiences)]


def allowed(slug: str, audiences: list[str]) -> Wanted:
    """Those of a workspace's audiences that the caller may see."""
    try:
        scope = scope_at(slug)
    except NotFound:
        return []
    return [
        (Feed(scope.workspace_id, scope.slug, audience), permission)
        for audience in dict.fromkeys(audiences)
        if (permission := right_to(scope, audience)) is not None
    ]


def right_to(scope: Scope, audience: str) -> Permission | None:
    """The permission by which the caller may hear of an audience, None without one."""
    rights = (Permission.READ, Permission.VIEW_ACCOUNTS) if audience == DESK else (Permission.VIEW_BOARD,)
    return next(filter(scope.may, rights), None)


def standing_of(wanted: Wanted) -> Standing:
    """What the stream rests on, to be looked at again every five seconds."""
    who = caller()
    if isinstance(who, KioskFacts):
        return Standing(kiosk_id=who.kiosk_id)
    session_id = who.session_id if isinstance(who, SessionFacts) else None
    return Standing(session_id=session_id, needs=frozenset((feed.workspace_id, right) for feed, right in wanted))


def stream(place: Subscription) -> Iterator[bytes]:
    """Events as they come, and a comment now and then so that nothing between here and the page gives up."""
    try:
        while not place.over:
            yield place.next(HEARTBEAT_SECONDS) or b":\n\n"
    finally:
        place.close()


def hung_up(connection: socket.socket | None) -> Callable[[], bool]:
    """Whether the other side has closed the connection: seen at once, and not only by the next write but one."""
    if connection is None:
        return lambda: False
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return partial(_has_closed, poll)


def _has_closed(poll: select.poll) -> bool:
    return bool(poll.poll(0))


def register(server: Flask) -> None:
    """Wire the route."""
    wire_route(server, "/events", events)
