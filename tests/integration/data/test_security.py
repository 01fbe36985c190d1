"""The security log over a whole morning: everything that counts is in it, and nothing that is a secret or a whole name."""

import io
import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select

from callbacks.house import KEY
from data import security
from data.exports import note_export
from data.freshness import FRESH_FOR
from data.invitations import invite
from data.kiosks import create_kiosk
from data.lockdowns import begin_lockdown
from data.logs import set_up_logs
from data.people import disable_user, grant
from data.throttle import BY_PAIR
from models.audit import COMMAND
from models.people import Role
from tests.integration.callbacks.conftest import *  # noqa: F403 - the whole program, as there
from tests.integration.callbacks.test_me import code_at, enrol
from tests.rows import NOW, PASSWORD, add_conversation, add_member, add_workspace, scope_of
from tests.visits import PAGE, Visitor

MARKER = "zebra-umbrella-violet"
NAME = "quillfeather"


@pytest.fixture
def stream():
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    target = io.StringIO()
    set_up_logs("debug", target)
    yield target
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def morning(server, database, north, clock, stream, monkeypatch):
    """Walk through the door in every way; returns the log and the secrets that were used."""

    def walk():
        add_member(database, north, NAME, "Administrator")
        south = add_workspace(database, "south")
        hidden = add_conversation(database, south, text=MARKER)
        visitor = Visitor(server, "192.0.2.77")
        assert visitor.post("/sign-in", sign_in=MARKER, password=MARKER).status_code == 401
        for _ in range(BY_PAIR):
            assert visitor.sign_in(NAME, MARKER).status_code == 401
        assert visitor.sign_in(NAME).status_code == 429
        visitor = Visitor(server, "192.0.2.78")
        assert visitor.sign_in(NAME).status_code == 302
        secret, codes = enrol(visitor, clock)
        cookie = visitor.client.get_cookie("watchroom").value
        visitor.open("/wallboard/main?workspace=north")
        assert visitor.get(f"/conversation/{hidden}?workspace=south").status_code in (403, 404)
        assert visitor.get(f"/reports/activity.csv?workspace=south&{MARKER}=1").status_code == 404
        forged = visitor.client.post(
            "/me/look", data={"csrf_token": MARKER}, headers=PAGE, environ_base=visitor.address
        )
        assert forged.status_code == 400
        admin = replace(scope_of(north, 1, "Administrator"), name=NAME.title())
        note_export(database, admin, "messages", {"texts": True}, NOW)
        begin_lockdown(database, admin, None, timedelta(hours=1), MARKER, NOW)
        with database.read() as db:
            operator = db.scalars(select(Role.id).where(Role.workspace_id == north, Role.name == "Operator")).one()
        invitation = invite(database, admin, "newcomer", MARKER, [operator], NOW)
        kiosk = create_kiosk(database, north, "lobby", "main", NOW, COMMAND)
        visitor.get(f"/invitation/{MARKER}")
        with monkeypatch.context() as broken:
            broken.setattr("callbacks.me.me", lambda *_: {}[MARKER])
            assert visitor.get("/me").status_code == 500
        visitor.post("/me/password", old=PASSWORD, new=f"{MARKER} {MARKER}", again=f"{MARKER} {MARKER}")
        clock.on(FRESH_FOR + timedelta(minutes=1))
        visitor.post("/prove", password=MARKER, code="000000")
        visitor.post("/prove", password=f"{MARKER} {MARKER}", code="000000")
        visitor.post("/prove", password=f"{MARKER} {MARKER}", code=code_at(secret, clock))
        visitor.sign_out()
        add_member(database, north, "bob", "Operator")
        grant(database, north, 2, "Analyst", NOW, COMMAND)
        disable_user(database, 2, NOW, COMMAND)
        key = server.extensions[KEY].settings.credentials_key.get_secret_value()
        secrets = [MARKER, NAME, NAME.title(), PASSWORD, secret, *codes, cookie, invitation, kiosk, key]
        return stream.getvalue(), [*secrets, "192.0.2.77", "192.0.2.78", "newcomer"]

    return walk


def found_in(log, secrets):
    return [one for one in secrets if one.casefold() in log.casefold()]


def test_a_morning_at_the_door_is_told_without_a_secret_or_a_whole_name(morning):
    log, secrets = morning()
    assert found_in(log, secrets) == []
    lines = [line for line in map(json.loads, log.splitlines()) if line.get("log") == "security"]
    told = {(one["outcome"], one["what"], one.get("problem", "")) for one in lines}
    for wanted in (
        ("refused", "sign in", "WrongSignIn"),
        ("refused", "sign in", "TooManyTries"),
        ("refused", "form token", "CSRFError"),
        ("refused", "reach", "NotFound"),
        ("refused", "reach", "InvitationOver"),
        ("refused", "password again", "WrongSignIn"),
        ("refused", "second factor", "WrongCode"),
        *(
            ("done", what, "")
            for what in ("sign in", "sign out", "confirm factor", "change password", "prove", "export")
        ),
        *(("done", what, "") for what in ("lockdown.begin", "invite", "grant", "disable", "create")),
    ):
        assert wanted in told, (wanted, sorted(told))
    assert lines[0]["who"] == "command"
    ours = [one for one in lines if one.get("user") == 1]
    assert {one["who"] for one in ours if one["who"]} == {"Q***r"}
    assert {one["network"] for one in ours if one["network"]} == {"192.0.2.0/24"}
    assert next(one for one in lines if one["what"] == "sign in" and one["outcome"] == "done")["audit"] > 0
    first = next(one for one in lines if one["outcome"] == "refused")
    assert first["who"] == "", "what is typed as a name and is nobody's may be a password"


def test_a_log_that_told_whole_names_would_be_found(morning, monkeypatch):
    monkeypatch.setattr(security, "masked_name", lambda name: name)
    log, secrets = morning()
    assert found_in(log, secrets) == [NAME, NAME.title()]
