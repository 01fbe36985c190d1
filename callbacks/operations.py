"""What a monitor asks: is the process there, does everything work, which version is it, what does it count."""

import hmac

from flask import Flask, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from callbacks.guard import anybody, wire_route
from callbacks.house import house
from data import measures
from data.readiness import Ready, open_sessions
from data.version import START, VERSION
from models.snapshots import AccountState

UNKNOWN_ROUTE = "none"


@anybody
def healthz() -> ResponseReturnValue:
    """The process answers. Nothing else is looked at."""
    return jsonify(alive=True)


@anybody
def readyz() -> ResponseReturnValue:
    """200 where everything works, else 503; accounts are named only to those who hold the metrics token."""
    found = _look()
    return jsonify(found.facts(with_names=_has_token())), 200 if found.ready else 503


@anybody
def version() -> ResponseReturnValue:
    """Which version this is, and which start of it: screens reload when either is another."""
    return jsonify(version=VERSION, start=START)


@anybody
def metrics() -> ResponseReturnValue:
    """Prometheus' text format, for the metrics token; where none is set there is no such page."""
    if not _token():
        abort(404)
    if not _has_token():
        return Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    _measure(_look())
    return Response(measures.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def count_request(response: Response) -> Response:
    """Count every answer by its route, never by its address: that may hold a token."""
    route = request.url_rule.rule if request.url_rule else UNKNOWN_ROUTE
    measures.REQUESTS.labels(route, response.status_code).inc()
    return response


def register(server: Flask) -> None:
    """Wire the routes and count the requests."""
    server.after_request(count_request)
    wire_route(server, "/healthz", healthz)
    wire_route(server, "/readyz", readyz)
    wire_route(server, "/version", version)
    wire_route(server, "/metrics", metrics)


def _look() -> Ready:
    return house().readiness.look()


def _token() -> str:
    return house().settings.metrics_token.get_secret_value()


def _has_token() -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    right = _token()
    return bool(right) and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), right.encode())


def _measure(found: Ready) -> None:
    """What is not counted as it happens is looked up when asked."""
    measures.SCREENS.set(house().hub.open_screens)
    measures.POLLER_ALIVE.set(found.poller)
    for state in AccountState:
        measures.ACCOUNTS.labels(state).set(sum(one.state is state for one in found.accounts))
    with house().database.read() as db:
        measures.SESSIONS.set(open_sessions(db, house().clock()))
