"""`GET /events`: who may listen, to what, for how long."""

import json
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from callbacks import callers, events, guard, problems
from callbacks.house import House, move_in
from data.administration import create_workspace
from data.clock import utc_now
from data.database import Database
from data.frames import DESK, Frame
from data.kiosks import check_kiosk, create_kiosk, revoke_kiosk
from data.live import Hub
from data.people import create_user, grant, withdraw
from data.settings import Settings
from data.signing import session_of, sign_in, sign_out
from data.throttle import Throttle
from models.audit import COMMAND
from models.people import SignedIn

PASSWORD = "correct horse battery"
ADDRESS = "127.0.0.1"


def frame(workspace_id):
    return Frame(workspace_id, utc_now(), {"waiting": {"children": str(workspace_id)}}, {"queue": "1"})


@pytest.fixture
def database(database_url):
    opened = Database(database_url, b"k" * 32)
    yield opened
    opened.close()


@pytest.fixture
def hub(database):
    running = Hub(database, utc_now, {"main": frame, "hours": frame, DESK: frame}, screens=2, tick_every=0.2)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def workspaces(database):
    return {slug: create_workspace(database, slug, slug.title(), utc_now(), COMMAND) for slug in ("north", "south")}


@pytest.fixture
def server(database, hub, workspaces):
    made = Flask(__name__, template_folder="../../../layouts/plain")
    made.secret_key = "s" * 32
    callers.register(made)
    problems.register(made)
    made.before_request(guard.at_the_door)
    move_in(made, House(database, Settings(), utc_now, hub, Throttle(), None, None, None, None, None))
    events.register(made)
    guard.wire_route(made, "/let-in/<token>", guard.anybody(let_in))
    return made


def let_in(token):
    callers.let_in(token)
    return "in"


@pytest.fixture
def ann(database, workspaces):
    """A colleague's key: an operator in the north."""
    key = create_user(database, "ann", "Ann", PASSWORD, utc_now(), COMMAND)
    grant(database, workspaces["north"], key, "Operator", utc_now(), COMMAND)
    return key


@pytest.fixture
def token(database, ann):
    return sign_in(database, Throttle(), "ann", PASSWORD, ADDRESS, utc_now())


@pytest.fixture
def client(server, token):
    made = server.test_client()
    assert made.get(f"/let-in/{token}").text == "in"
    return made


@pytest.fixture
def kiosk(server, database, workspaces):
    made = server.test_client()
    made.token = create_kiosk(database, workspaces["north"], "Wall", "main", utc_now(), COMMAND)
    made.set_cookie(callers.KIOSK_COOKIE, made.token)
    return made


def read(response, wanted):
    """The events of a stream up to the first one wanted, and that one's data."""
    text = ""
    for part in response.response:
        text += part.decode()
        for block in text.split("\n\n")[:-1]:
            if f"event: {wanted}\n" in block:
                return text, json.loads(block.split("data: ", 1)[1])
    raise AssertionError(f"the stream ended without {wanted}: {text}")


def test_nobody_hears_anything(server):
    assert server.test_client().get("/events?workspace=north&board=main").status_code == 401


def test_an_ended_session_hears_nothing(client, database, token):
    sign_out(database, token, utc_now())
    assert client.get("/events?workspace=north&board=main").status_code == 401


def test_a_stream_has_the_whole_state_first(client, workspaces):
    with client.get("/events?workspace=north&board=main", buffered=False) as response:
        assert response.status_code == 200
        assert response.mimetype == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        text, data = read(response, "tiles")
    assert f"id: {workspaces['north']}\n" in text
    assert (data["workspace"], data["audience"]) == ("north", "main")
    assert data["tiles"] == {"waiting": {"children": str(workspaces["north"])}}
    assert data["regions"] == ["queue"]


def test_signs_of_life_come_by_themselves(client):
    with client.get("/events?workspace=north&desk=1", buffered=False) as response:
        _, data = read(response, "state")
    assert data["poller"] == "dead"
    assert data["as_at"] <= data["now"]


def test_a_workspace_without_a_role_is_refused(client):
    assert client.get("/events?workspace=south&board=main").status_code == 403
    assert client.get("/events?workspace=nowhere&board=main").status_code == 403


def test_of_two_workspaces_only_the_permitted_one_is_heard(client):
    text = client.get("/events?workspace=north&workspace=south&board=main&once=1").text
    assert '"workspace":"north"' in text
    assert "south" not in text


def test_once_answers_the_whole_state_and_ends(client, hub):
    response = client.get("/events?workspace=north&board=main&board=hours&desk=1&once=1")
    assert response.text.count("event: tiles") == 2
    assert response.text.count("event: change") == 1
    assert response.text.count("event: state") == 3
    assert hub.open_screens == 0


@pytest.mark.parametrize(
    "query", ["", "workspace=north", "board=main", "workspace=north&board=kitchen", "workspace=n&" * 30 + "desk=1"]
)
def test_what_makes_no_sense_is_refused(client, query):
    assert client.get(f"/events?{query}").status_code == 400


def test_a_kiosk_hears_boards_of_its_own_workspace_and_nothing_else(kiosk):
    assert kiosk.get("/events?workspace=north&board=main&once=1").status_code == 200
    assert kiosk.get("/events?workspace=north&desk=1&once=1").status_code == 403
    assert kiosk.get("/events?workspace=south&board=main&once=1").status_code == 403


def test_beyond_the_places_a_page_is_told_when_to_ask_again(client, hub):
    with (
        client.get("/events?workspace=north&board=main", buffered=False),
        client.get("/events?workspace=north&board=main", buffered=False),
    ):
        assert hub.open_screens == 2
        refused = client.get("/events?workspace=north&board=main")
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "30"
        assert client.get("/events?workspace=north&board=main&once=1").status_code == 200


def test_a_closed_stream_gives_its_place_back_even_unread(client, hub):
    client.get("/events?workspace=north&board=main", buffered=False).close()
    assert hub.open_screens == 0
    with client.get("/events?workspace=north&board=main", buffered=False) as response:
        read(response, "tiles")
        assert hub.open_screens == 1
    assert hub.open_screens == 0


@pytest.mark.parametrize("how", ["signed-out", "role"])
def test_a_stream_ends_with_the_session_and_with_the_role(client, database, token, ann, workspaces, how):
    act = {
        "signed-out": partial(sign_out, database, token, utc_now()),
        "role": partial(withdraw, database, workspaces["north"], ann, "Operator", utc_now(), COMMAND),
    }[how]
    with client.get("/events?workspace=north&board=main", buffered=False) as response:
        read(response, "tiles")
        act()
        _, data = read(response, "bye")
        assert data == {"reason": how}
        assert list(response.response) == []


def test_a_revoked_kiosk_goes_dark(kiosk, database, workspaces):
    with kiosk.get("/events?workspace=north&board=main", buffered=False) as response:
        read(response, "tiles")
        facts = check_kiosk(database, kiosk.token)
        revoke_kiosk(database, workspaces["north"], facts.kiosk_id, utc_now(), COMMAND)
        assert read(response, "bye")[1] == {"reason": "kiosk"}


def test_listening_never_makes_a_session_last_longer(client, database, token):
    facts = session_of(database, token, utc_now())
    earlier = utc_now() - timedelta(minutes=30)
    with database.write() as db:
        db.get_one(SignedIn, facts.session_id).last_active = earlier
    with client.get("/events?workspace=north&board=main", buffered=False) as response:
        read(response, "state")
    client.get("/events?workspace=north&board=main&once=1")
    with database.read() as db:
        assert db.get_one(SignedIn, facts.session_id).last_active == earlier


def test_an_idle_session_is_told_goodbye(client, database, token):
    facts = session_of(database, token, utc_now())
    with client.get("/events?workspace=north&board=main", buffered=False) as response:
        read(response, "tiles")
        with database.write() as db:
            db.get_one(SignedIn, facts.session_id).last_active = utc_now() - timedelta(minutes=61)
        assert read(response, "bye")[1] == {"reason": "signed-out"}


def test_the_server_says_goodbye_before_it_stops(client, hub):
    with client.get("/events?workspace=north&board=main", buffered=False) as response:
        read(response, "tiles")
        hub.stop()
        assert read(response, "bye")[1] == {"reason": "stopping"}
