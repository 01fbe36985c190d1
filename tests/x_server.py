"""A small X on loopback: it keeps posts and messages, pages them as X does, and misbehaves on request."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from data.channels.snowflake import id_at

ME = "1000"
PROBLEM = "https://api.twitter.com/2/problems/"


def x_id(at: datetime, number: int = 0) -> str:
    return str(id_at(at) + number)


def x_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass
class Fault:
    """What goes wrong once (or ``times`` times) on a path that contains ``where``."""

    where: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    act: Callable[["Handler"], None] | None = None
    times: int = 1
    method: str = "GET"


@dataclass
class FakeX:
    """The state of the network, and the calls that reached it (method, path, query)."""

    base: str = ""
    mentions: list[dict[str, Any]] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: list[dict[str, Any]] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    release: threading.Event = field(default_factory=threading.Event)

    def user(self, identity: str, username: str, name: str = "", followers: int = 7) -> None:
        self.users[identity] = {
            "id": identity,
            "username": username,
            "name": name or username,
            "public_metrics": {
                "followers_count": followers,
                "following_count": 1,
                "listed_count": 0,
                "tweet_count": 9,
            },
        }

    def asked(self, part: str) -> list[dict[str, str]]:
        return [query for _, path, query in self.calls if part in path]

    def answer(self, method: str, path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path in self.answers:
            return 200, self.answers[path]
        if method == "POST":
            return self._posted(path)
        if path.endswith("/mentions"):
            return 200, self._page(self.mentions, query)
        if path == f"/2/users/{ME}/tweets":
            return 200, self._page(self.own, query)
        if path == "/2/dm_events":
            return 200, self._page(self.events, query)
        if path == "/2/tweets":
            return 200, self._by_ids(query["ids"].split(","))
        if path == "/2/users/me" or path.startswith("/2/users/by/username/"):
            return 200, {"data": self.users[ME]}
        return 404, {"title": "Not Found Error", "type": "about:blank", "status": 404}

    def _posted(self, path: str) -> tuple[int, Any]:
        identity = x_id(datetime(2026, 11, 23, 12, tzinfo=UTC), len(self.bodies))
        if path == "/2/tweets":
            return 201, {"data": {"id": identity, "text": self.bodies[-1]["text"]}}
        return 201, {"data": {"dm_conversation_id": "1-2", "dm_event_id": identity}}

    def _page(self, rows: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        since = int(query.get("since_id", 0))
        newest = sorted((row for row in rows if int(row["id"]) > since), key=lambda row: -int(row["id"]))
        begin, size = int(query.get("pagination_token", 0)), int(query["max_results"])
        page = newest[begin : begin + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if begin + size < len(newest):
            meta["next_token"] = str(begin + size)
        told: dict[str, Any] = {"meta": meta}
        if page:
            told |= {"data": page, "includes": self._beside()}
        return told

    def _beside(self) -> dict[str, Any]:
        users = {"users": list(self.users.values())}
        return {**users, "media": self.media} if self.media else users

    def _by_ids(self, ids: list[str]) -> dict[str, Any]:
        all_posts = {row["id"]: row for row in [*self.mentions, *self.own]}
        told: dict[str, Any] = {}
        data = [all_posts[one] for one in ids if one in all_posts and one not in self.deleted | self.hidden]
        errors = [_problem(one, "resource-not-found") for one in ids if one in self.deleted]
        errors += [_problem(one, "not-authorized-for-resource") for one in ids if one in self.hidden]
        if data:
            told |= {"data": data, "includes": self._beside()}
        if errors:
            told["errors"] = errors
        return told


def _problem(identity: str, kind: str) -> dict[str, str]:
    return {"type": PROBLEM + kind, "title": kind, "resource_type": "tweet", "resource_id": identity, "value": identity}


class Handler(BaseHTTPRequestHandler):
    """Answers from the ``FakeX`` of its server."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one piece: two would wait 40 ms for each other

    @property
    def x(self) -> FakeX:
        return self.server.x  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.x.calls.append((method, parts.path, query))
        self.x.signed.append(self.headers.get("authorization") or "")
        if body:
            self.x.bodies.append(json.loads(body))
        for fault in self.x.faults:
            if fault.where in parts.path and fault.method == method and fault.times > 0:
                fault.times -= 1
                if fault.act:
                    fault.act(self)
                else:
                    self.reply(fault.status, fault.body, fault.headers)
                return
        status, told = self.x.answer(method, parts.path, query)
        headers = next((more for part, more in self.x.headers.items() if part in parts.path), {})
        self.reply(status, json.dumps(told).encode(), headers)

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def reset(handler: Handler) -> None:
    """Break the connection off with a reset, after the question was read."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
    handler.rfile = handler.wfile = _Nothing()  # type: ignore[assignment]


def silent(handler: Handler) -> None:
    """Never answer: hold the line until the test lets go."""
    handler.x.release.wait(30)
    handler.close_connection = True


def dripping(handler: Handler) -> None:
    """Send the answer's head and a beginning, then a byte now and then until the test lets go."""
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    handler.close_connection = True
    while not handler.x.release.wait(0.02):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return


def half(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("content-length", "500")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


class _Nothing:
    closed = True

    def close(self) -> None:
        """Stand in for a stream that is gone."""

    def flush(self) -> None:
        """Stand in for a stream that is gone."""


@contextmanager
def serving(x: FakeX) -> Iterator[FakeX]:
    """Serve ``x`` on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    server.x = x  # type: ignore[attr-defined]
    x.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield x
    finally:
        x.release.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
