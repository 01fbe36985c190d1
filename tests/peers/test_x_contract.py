"""X's published contract before a server of ours, and X's recorded answers behind it. Run by `make peers`.

Prism, as a proxy, answers 422 to a call that the contract does not allow. It is installed into a temporary folder.
"""

import json
import os
import shutil
import socket
import subprocess
import threading
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from data.channels import connect
from data.channels.contract import NetworkFault, NotAllowed, RateLimited, Refused
from models.posts import Author, Direction, Kind, Reply
from tests.integration.data.channels.conftest import FOUR_KEYS, NOON, SetClock, direct, mention, own_post
from tests.x_server import ME, FakeX, Fault, reset, serving, x_id

pytestmark = pytest.mark.timeout(400)
MINUTE = timedelta(minutes=1)
RECORDED_ACCOUNT = "783214"


@pytest.fixture(scope="module")
def folder() -> Path:
    where = os.environ.get("PEER_DATA")
    if not where:
        pytest.fail("PEER_DATA does not say where the recorded answers are")
    return Path(where)


@pytest.fixture(scope="module")
def contract(folder, tmp_path_factory) -> Path:
    """The contract without its security schemes: Prism knows no OAuth 1.0a and would answer 401."""
    told = json.loads((folder.parent / "peers" / "x_openapi.json").read_text())
    told.pop("security", None)
    for path in told["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    made = tmp_path_factory.mktemp("contract") / "x.json"
    made.write_text(json.dumps(told))
    return made


@pytest.fixture(scope="module")
def prism(tmp_path_factory) -> Path:
    where = tmp_path_factory.mktemp("prism")
    npm = shutil.which("npm") or pytest.fail("npm is not installed")
    (where / "package.json").write_text('{"private": true}')
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--silent", "@stoplight/prism-cli"],
        cwd=where,
        check=True,
        timeout=300,
    )
    return where / "node_modules" / ".bin" / "prism"


@contextmanager
def guarded(prism, contract, upstream, strict=True):
    """Run the contract as a proxy before ``upstream``; gives its address.

    Strict, it turns every breach, of a call or of an answer, into an error of its own; else it lets answers pass.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(prism), "proxy", "-p", str(port), "-h", "127.0.0.1", str(contract), upstream]
    command += ["--errors"] if strict else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Prism is listening" in line:
                break
        else:
            pytest.fail("Prism did not start: " + "".join(said[-5:]))
        threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


class Recorded(BaseHTTPRequestHandler):
    """Answers with what X answered, by method and path, in the order of the recording; then the last again."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        rows = self.server.answers.get((self.command, urlsplit(self.path).path))
        told = (rows.pop(0) if len(rows) > 1 else rows[0]) if rows else {"status": 404, "headers": {}, "body": {}}
        body = json.dumps(told["body"]).encode()
        self.send_response(told["status"])
        for name, value in told["headers"].items():
            if name.startswith("x-rate") or name == "content-type":
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def recorded(prism, contract, folder):
    """The recorded answers behind the contract: the server of them, and the address of the contract."""
    with recording(folder) as (server, upstream), guarded(prism, contract, upstream) as address:
        yield server, address


@contextmanager
def recording(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    server.daemon_threads = True
    server.answers = defaultdict(list)
    for one in json.loads((folder / "x_v2_recorded.json").read_text())["interactions"]:
        server.answers[one["method"], urlsplit(one["uri"]).path].append(one)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture(scope="module")
def fake() -> FakeX:
    x = FakeX()
    x.user(ME, "northshire", "Northshire control room")
    x.user("2000", "ann_outside", "Ann")
    first, second = x_id(NOON - 9 * MINUTE), x_id(NOON - 8 * MINUTE)
    x.mentions = [mention(NOON - MINUTE * at, f"number {at}") for at in range(1, 8)]
    x.mentions.append({**mention(NOON - 8 * MINUTE, "corrected"), "edit_history_tweet_ids": [first, second]})
    x.own = [own_post(NOON - MINUTE, in_reply_to_user_id="2000")]
    x.events = [direct(NOON - MINUTE), direct(NOON, sender_id=ME)]
    with serving(x):
        yield x


@pytest.fixture(scope="module")
def checked(prism, contract, fake):
    with guarded(prism, contract, fake.base) as address:
        yield address


def connected(address, clock=None, credentials=FOUR_KEYS, **settings):
    given = {"base_url": address, "read_timeout": 30, "page_size": 5, **settings}
    return connect("x", handle="northshire", settings=given, credentials=credentials, clock=clock or SetClock())


def poll(connector, cursor=None):
    posts = []
    while True:
        batch = connector.fetch(cursor)
        posts, cursor = posts + list(batch.posts), batch.cursor
        assert batch.unreadable == ()
        if not batch.more:
            return posts, cursor


def test_the_contract_refuses_an_illegal_call(checked):
    answer = requests.get(f"{checked}/2/users/{ME}/mentions?max_results=500", timeout=30)
    assert answer.status_code == 422


@pytest.mark.parametrize("credentials", [FOUR_KEYS, {"bearer_token": "t"}], ids=["four keys", "app token"])
def test_every_call_of_a_round_is_legal(checked, fake, credentials):
    fake.calls.clear()
    clock = SetClock()
    connector = connected(checked, clock, credentials)
    posts, cursor = poll(connector)
    assert len(posts) == (11 if credentials is FOUR_KEYS else 9)
    assert {post.network_id for post in posts if post.edited} == {x_id(NOON - 9 * MINUTE)}
    clock.pass_by(minutes=61)
    poll(connector, cursor)
    expected = {f"/2/users/{ME}/mentions", f"/2/users/{ME}/tweets", "/2/tweets"}
    expected |= {"/2/users/me", "/2/dm_events"} if credentials is FOUR_KEYS else {"/2/users/by/username/northshire"}
    assert {path for _, path, _ in fake.calls} == expected


def test_sending_and_asking_for_figures_is_legal(checked, fake):
    connector = connected(checked)
    ann = Author("2000", "ann_outside", "Ann")
    assert connector.send(Reply("a", "On our way", Kind.PUBLIC, ann, fake.mentions[0]["id"])).network_id
    assert connector.send(Reply("b", "Between us", Kind.PRIVATE, ann)).network_id
    assert set(connector.engagement([fake.own[0]["id"]])) == {fake.own[0]["id"]}
    assert connector.whoami() == "northshire"


@pytest.fixture(scope="module")
def lenient(prism, contract, fake):
    with guarded(prism, contract, fake.base, strict=False) as address:
        yield address


def problem(status, title):
    return json.dumps({"title": title, "type": "about:blank", "status": status, "detail": title}).encode()


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Fault("/mentions", 400, body=problem(400, "Invalid Request")), NotAllowed),
        (Fault("/mentions", 401, body=problem(401, "Unauthorized")), Refused),
        (Fault("/mentions", 403, body=problem(403, "Forbidden")), Refused),
        (Fault("/mentions", 429, {"x-rate-limit-reset": "1795436100"}, problem(429, "Too Many")), RateLimited),
        (Fault("/mentions", 503, body=problem(503, "Service Unavailable")), NetworkFault),
        (Fault("/mentions", 200, body=b"<html>"), NetworkFault),
        (Fault("/mentions", act=reset), NetworkFault),
    ],
    ids=["400", "401", "403", "429", "503", "malformed", "reset behind the proxy"],
)
def test_each_failure_keeps_its_name_behind_the_contract(lenient, fake, fault, failure):
    fake.faults = [fault]
    connector = connected(lenient)
    with pytest.raises(failure) as raised:
        connector.fetch(None)
    assert type(raised.value) is failure or issubclass(type(raised.value), Refused)
    if failure is RateLimited:
        assert raised.value.retry_at == datetime.fromtimestamp(1795436100, UTC)
    assert connector.fetch(None).posts


def test_a_time_in_whole_seconds_is_legal_and_read(checked, fake, monkeypatch):
    whole = [{**mention(NOON - MINUTE), "created_at": "2026-11-23T11:59:00Z"}]
    monkeypatch.setattr(fake, "mentions", whole)
    assert [post.sent for post in connected(checked).fetch(None).posts] == [NOON - MINUTE]


def test_recorded_answers_are_read_whole(recorded):
    server, address = recorded
    mentions = server.answers["GET", f"/2/users/{RECORDED_ACCOUNT}/mentions"][-1]["body"]["data"]
    connector = connected(address, SetClock(datetime(2022, 10, 8, tzinfo=UTC)), user_id=RECORDED_ACCOUNT)
    connector.fetch(None)  # the first of two recordings of this call
    batch = connector.fetch(None)
    assert [post.version_id for post in batch.posts] == [row["id"] for row in mentions]
    assert (batch.unreadable, batch.reads, batch.more) == ((), len(mentions), True)
    assert batch.remaining is not None and batch.resets is not None
    assert all(post.text and post.direction is Direction.IN and post.contact is None for post in batch.posts)
    assert {post.sent.date().isoformat() for post in batch.posts} == {"2022-10-07"}


def test_recorded_messages_accounts_and_sends_are_read(recorded):
    connector = connected(recorded[1])
    assert connector.whoami() == "TweepyDev"
    assert connector.send(Reply("a", "Test", Kind.PUBLIC)).sent.year in (2021, 2022)
    message = connector.send(Reply("b", "Testing", Kind.PRIVATE, Author("750362064426721281", "x", "x")))
    assert message.sent.date().isoformat() == "2022-10-28"
    assert set(connector.engagement(["1293593516040269825", "1293595870563381249"])) == {
        "1293593516040269825",
        "1293595870563381249",
    }
