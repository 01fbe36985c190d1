"""Webhooks: told once, signed, without a word of a message; none is lost by a server that is down."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode

import pytest
from sqlalchemy import select

from data import calls
from data.assessing import assess
from data.audit import change
from data.calls import call_next, forget, post
from data.credentials import CredentialsBox
from data.queries.admin.webhooks import webhooks as page_of
from data.states import close
from data.webhooks import add_webhook, call_again, enqueue, remove_webhook, renew_secret, set_off, try_out
from models.audit import COMMAND
from models.problems import BadValue, NotFound, NotPermitted
from models.webhooks import Event
from models.workspace import Outcome
from tests.alarms import KNIFE, Alarmed
from tests.rows import add_workspace, open_database, scope_of

BOX = CredentialsBox("c" * 32)
SITE = "https://wr.example"
EVERYTHING = [str(one) for one in Event]


class Elsewhere:
    """A program that is told; it is down while it says so, and keeps what it took."""

    def __init__(self):
        self.down, self.took, self.tried = False, [], 0

    def __call__(self, address, body, headers):
        self.tried += 1
        if self.down:
            raise OSError("it answered 503")
        self.took.append((address, body, headers))

    @property
    def said(self):
        return [json.loads(body) for _, body, _ in self.took]


@pytest.fixture
def elsewhere():
    return Elsewhere()


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Alarmed(opened)
    opened.close()


@pytest.fixture
def boss(room):
    return room.hire("boss", "Administrator")


def add(room, boss, name="CAD", events=EVERYTHING):
    return add_webhook(room.database, BOX, boss, name, f"https://{name.lower()}.example/in?k=1", events, room.now)


def call_all(room, elsewhere, **how_long):
    room.after(**how_long)
    while call_next(room.database, BOX, SITE, elsewhere, room.now):
        pass


def checked(secret, body, headers):
    """Whether the signature is right, worked out as a receiver would."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(secret.removeprefix("whsec_"))
    wanted = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == f"v1,{wanted}"


def test_what_happens_is_told_once_signed_and_without_a_word_of_it(room, boss, elsewhere):
    secret = add(room, boss)
    add(room, boss, "Other", [Event.CLOSED])
    room.post(KNIFE)
    room.post(KNIFE, who="c1")
    call_all(room, elsewhere)
    assert sorted(one["type"] for one in elsewhere.said) == ["alarm.raised"] + ["message.top"] * 2
    assert all(checked(secret, body, headers) for _, body, headers in elsewhere.took)
    address, body, _ = elsewhere.took[0]
    assert address == "https://cad.example/in?k=1"
    assert all(word not in body.decode() for word in ("knife", "kill", "c1", "Neighbour", "p1"))
    assert elsewhere.said[0]["data"]["link"].startswith(f"{SITE}/conversation/1?workspace=north")
    call_all(room, elsewhere, days=1)
    assert len(elsewhere.took) == 3, "nothing is told twice"
    elsewhere.took.clear()
    ann = room.hire("ann")
    with room.database.read() as db:
        outcome = db.scalars(select(Outcome.id).order_by(Outcome.id)).first()
    for grade in ("standard", "emergency"):
        assess(room.database, ann, 1, grade, {}, 2, room.now)
    close(room.database, ann, 1, outcome, room.now, "Police are there")
    try_out(room.database, boss, 2, room.now)
    call_all(room, elsewhere)
    assert [one["type"] for one in elsewhere.said] == ["message.top", *["conversation.closed"] * 2, "test"]
    assert elsewhere.said[0]["data"] | {"link": ""} == {
        "by": "person", "conversation": 1, "link": "", "rank": 1, "workspace": "north",
    }  # fmt: skip
    assert {address for address, *_ in elsewhere.took} == {f"https://{one}.example/in?k=1" for one in ("cad", "other")}


def test_the_same_event_is_told_once_however_often_it_is_handed_in_and_words_are_refused(room, boss, elsewhere):
    add(room, boss)
    for _ in range(2):
        with change(room.database, room.id, COMMAND, room.now) as c:
            enqueue(c, Event.RULE, "rule/4/7", {"rule": 4, "message": 7})
            c.state("rule", "webhook")
    with pytest.raises(ValueError, match="not told"), change(room.database, room.id, COMMAND, room.now) as c:
        enqueue(c, Event.RULE, "rule/4/8", {"text": "He has a knife"})
    call_all(room, elsewhere)
    assert [one["data"]["message"] for one in elsewhere.said] == [7]


def test_a_program_that_is_down_loses_none_and_what_is_given_up_begins_anew(room, boss, elsewhere, monkeypatch):
    add(room, boss)
    elsewhere.down = True
    room.post(KNIFE)
    for _ in range(12):
        call_all(room, elsewhere, hours=11)
    assert elsewhere.tried == 2 * 9
    page = page_of(room.database, boss, room.now)
    assert {(one.state, one.tries, one.problem) for one in page.calls} == {("given up", 9, "it answered 503")}
    assert page.rows[0].given_up == 2
    elsewhere.down = False
    for one in page.calls:
        call_again(room.database, boss, one.id, room.now)
    call_all(room, elsewhere)
    assert len(elsewhere.took) == 2
    with pytest.raises(NotFound):
        call_again(room.database, boss, page.calls[0].id, room.now)
    room.after(days=31)
    forget(room.database, room.clock)
    assert page_of(room.database, boss, room.now).calls == ()


def test_a_pause_that_never_ends_would_be_seen(room, boss, elsewhere, monkeypatch):
    """The planted fault: what failed once is given up."""
    monkeypatch.setattr(calls, "pause_after", lambda _tries: None)
    add(room, boss)
    elsewhere.down = True
    room.post(KNIFE)
    call_all(room, elsewhere)
    elsewhere.down = False
    call_all(room, elsewhere, hours=1)
    assert elsewhere.took == []


def test_a_process_that_dies_in_between_loses_none(room, boss, elsewhere):
    add(room, boss, events=[Event.TOP])
    room.post(KNIFE)

    def dies(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_next(room.database, BOX, SITE, dies, room.now)
    call_all(room, elsewhere, minutes=1)
    assert elsewhere.took == [], "another one may still be at it"
    call_all(room, elsewhere, minutes=1)
    assert len(elsewhere.took) == 1


def test_what_is_off_or_removed_is_told_nothing_and_a_new_secret_signs(room, boss, elsewhere):
    first = add(room, boss, events=[Event.TOP])
    room.post(KNIFE)
    second = renew_secret(room.database, BOX, boss, 1, room.now)
    assert first != second
    call_all(room, elsewhere)
    assert [checked(second, body, headers) for _, body, headers in elsewhere.took] == [True]
    room.post(KNIFE)
    set_off(room.database, boss, 1, True, room.now)
    room.post(KNIFE)
    with pytest.raises(BadValue):
        try_out(room.database, boss, 1, room.now)
    call_all(room, elsewhere)
    set_off(room.database, boss, 1, False, room.now)
    call_all(room, elsewhere)
    room.post(KNIFE)
    remove_webhook(room.database, boss, 1, room.now)
    call_all(room, elsewhere)
    assert len(elsewhere.took) == 1
    assert page_of(room.database, boss, room.now).rows == ()
    add(room, boss)


def test_nothing_crosses_to_another_workspace_and_only_administrators_see_to_it(room, boss, elsewhere):
    add(room, boss)
    with pytest.raises(BadValue):
        add(room, boss)
    south = scope_of(add_workspace(room.database, "south"), boss.user_id, "Administrator", "south")
    for act in (
        lambda: renew_secret(room.database, BOX, south, 1, room.now),
        lambda: set_off(room.database, south, 1, True, room.now),
        lambda: remove_webhook(room.database, south, 1, room.now),
        lambda: try_out(room.database, south, 1, room.now),
        lambda: call_again(room.database, south, 1, room.now),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotPermitted):
        add(room, room.hire("ann"), "Mine")
    with change(room.database, south.workspace_id, COMMAND, room.now) as c:
        assert enqueue(c, Event.RULE, "rule/1/1", {"rule": 1}) == 0


def test_no_call_is_made_to_this_machine_or_over_a_redirect(monkeypatch):
    for address in ("https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/x", "https://localhost/x"):
        with pytest.raises(OSError, match="this machine"):
            post(address, b"{}", {})

    def fails(error):
        raise error

    monkeypatch.setattr(calls, "leads_inside", lambda _host: False)
    refused = calls.requests.exceptions
    for error, said in (
        (refused.ReadTimeout(), "in time"),
        (refused.SSLError(), "certificate"),
        (refused.ConnectionError(), "reached"),
    ):
        monkeypatch.setattr(calls.requests, "post", lambda *_, error=error, **__: fails(error))
        with pytest.raises(OSError, match=said):
            post("https://cad.example", b"{}", {})

    class Answer:
        status_code = 302

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    asked = {}
    monkeypatch.setattr(calls.requests, "post", lambda address, **options: asked.update(options) or Answer())
    with pytest.raises(OSError, match="it answered 302"):
        post("https://cad.example", b"{}", {})
    assert asked["allow_redirects"] is False
    assert all(asked["timeout"])
