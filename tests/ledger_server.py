"""A small X in a process of its own, with a ledger of all that it took, that drops answers, falls silent, limits and kills.

What happens to a reply is written in its own text (``#fate``), so that it is the same in every run.
"""

import html
import json
import os
import re
import signal
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx

from data.clock import utc_now
from tests.x_server import ME, FakeX, Handler, reset, silent, x_id, x_time

FIRST_CONTACT, FIRST_PARENT = 20_000, 50_000
NUMBER = re.compile(r"Answer (\d+): (\w+)")
TAKEN = {"taken", "dropped", "late", "limited", "killed_after"}
"""What the network keeps in its ledger, sooner or later."""


class LedgerX(FakeX):
    """``ledger`` holds the number and the id of every reply that was taken, in order."""

    def __init__(self):
        super().__init__()
        self.user(ME, "northshire", "Northshire control room")
        self.ledger = []
        self.tried = set()

    def take(self, path, body):
        """Enter a reply in the ledger and on the timeline, changed as X changes texts."""
        now, number = utc_now(), len(self.ledger)
        identity = x_id(now, number)
        self.ledger.append([int(NUMBER.search(body["text"])[1]), identity])
        told = html.escape(re.sub(r"https://\S+", f"https://t.co/a{number}", body["text"]), quote=False)
        if path == "/2/tweets":
            parent = body["reply"]["in_reply_to_tweet_id"]
            contact = str(int(parent) - FIRST_PARENT + FIRST_CONTACT)
            self.own.append(
                {
                    "id": identity, "text": f"@c{contact} {told}", "author_id": ME, "created_at": x_time(now),
                    "edit_history_tweet_ids": [identity], "in_reply_to_user_id": contact,
                    "referenced_tweets": [{"type": "replied_to", "id": parent}],
                }
            )  # fmt: skip
            return {"data": {"id": identity, "text": told}}
        pair = f"{ME}-{path.split('/')[4]}"
        self.events.append(
            {
                "id": identity, "event_type": "MessageCreate", "text": told, "sender_id": ME,
                "dm_conversation_id": pair, "created_at": x_time(now),
            }
        )  # fmt: skip
        return {"data": {"dm_conversation_id": pair, "dm_event_id": identity}}


class LedgerHandler(Handler):
    """Asked below ``/<process>/``, so that it knows whom to kill."""

    def _answer(self, method):
        path = urlsplit(self.path).path
        if path == "/ledger":
            self.reply(200, json.dumps(self.x.ledger).encode())
            return
        process, self.path = re.fullmatch(r"/(\d+)(/.*)", self.path).groups()
        if method == "POST":
            self._take(urlsplit(self.path).path, int(process))
        else:
            super()._answer(method)

    def _take(self, path, process):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        number, fate = NUMBER.search(body["text"]).groups()
        if number in self.x.tried:
            fate = "taken"
        self.x.tried.add(number)
        answer = self.x.take(path, body) if fate in TAKEN - {"limited"} else {}
        if fate == "dropped":
            reset(self)
        elif fate in ("late", "lost"):
            silent(self)
        elif fate.startswith("killed"):
            os.kill(process, signal.SIGKILL)
            reset(self)
        else:
            self.reply({"rejected": 403, "limited": 429}.get(fate, 201), json.dumps(answer).encode())


@contextmanager
def ledger_server():
    """Serve until the block ends; gives the address. A process of its own: this one stays without threads, fit to fork."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), LedgerHandler)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *args: None
    server.x = LedgerX()
    child = os.fork()
    if child == 0:
        server.serve_forever()
    base = f"http://127.0.0.1:{server.server_port}"
    server.server_close()
    try:
        yield base
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def ledger_of(base):
    """Number and network id of every reply that the network took."""
    return [tuple(row) for row in httpx.get(f"{base}/ledger").json()]
