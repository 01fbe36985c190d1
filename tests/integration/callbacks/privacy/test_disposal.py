"""Rules of retention, legal holds and disposal, from their pages: what is due is held, put off or goes with a certificate."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.audit import change
from data.configuration import export_configuration, import_configuration
from data.disposing import look
from data.verification import verify
from data.workspaces import make_workspaces, remove_word
from models.audit import COMMAND
from models.configuration import checked
from models.conversation import Conversation
from models.permissions import Scope
from models.posts import Kind
from models.problems import BadValue
from models.retention import Certificate, RetentionRule
from models.workspace import Outcome, Workspace
from tests.arrivals import Town, add_account, answers, asks, person
from tests.integration.callbacks.admin.conftest import Administrator
from tests.rows import NOW, add_member, add_user, add_workspace, scope_of

PEOPLE = ("dana", "eve", "fay")
RULE = {"name": "Two months", "outcome": "*", "topic": "*", "kind": "*", "unit": "months", "length": "2"}


def town_of(database):
    """Three people, answered."""
    town = Town(database, add_account(database, 1, at=NOW - timedelta(days=90)))
    for number, name in enumerate(PEOPLE):
        who = person(name)
        town.take(
            asks(f"{name}1", number, f"hello from {name}", who), answers(f"{name}2", 9 + number, f"{name}1", None)
        )
    return town


def administrator(server, database, north):
    add_member(database, north, "tom", "Administrator")
    visitor = Administrator(server)
    visitor.tab = "retention"
    visitor.sign_in("tom")
    visitor.open("/wallboard/main?workspace=north")
    return visitor


def test_what_is_due_is_held_put_off_or_let_go_with_a_certificate(server, database, north, rosa, clock):
    town_of(database)
    clock.on(timedelta(days=100))
    rosa.sign_in("rosa")
    rosa.open("/wallboard/main?workspace=north")
    tom = administrator(server, database, north)
    rosa.tab = "disposal"
    assert "Nothing is ever due here" in rosa.look().body
    assert "No rule yet" in tom.look().body
    for wrong in (
        {"length": "0"},
        {"length": "2000"},
        {"unit": "years"},
        {"kind": "loud"},
        {"topic": "x"},
        {"name": ""},
    ):
        assert tom.press("retention.add", fields=RULE | wrong).notice
    with database.read() as db:
        assert db.query(RetentionRule).count() == 0
    assert "The rule is added" in tom.press("retention.add", fields=RULE).notice
    assert "2 months" in tom.look().body
    assert "within six hours" in rosa.look().body
    look(database, clock)
    listed = rosa.look().body
    assert "3 conversations are due" in listed
    assert "@dana" in listed

    rosa.tab = "holds"
    assert "Nothing is held" in rosa.look().body
    assert (
        "no such thing" in rosa.press("holds.hold", fields={"kind": "contact", "number": "99", "reason": "case"}).notice
    )
    assert "Reason: say why" in rosa.press("holds.hold", 1, {"reason": " "}).notice
    assert "is held" in rosa.press("holds.hold", 1, {"reason": "case 3"}).notice
    assert "case 3" in rosa.look().body
    rosa.tab = "contacts"
    assert "A legal hold keeps this contact: case 3" in rosa.look("&contact=1").body
    refused = rosa.press("contacts.erase", 1, {"typed": "@dana", "reason": "request 3"}).notice
    assert "A legal hold keeps it, so nothing went: case 3" in refused

    rosa.tab = "disposal"
    assert "legal hold: case 3" in rosa.look().body
    put_off = {"due:2": True, "until": f"{clock() + timedelta(days=30):%Y-%m-%d}", "reason": "a complaint"}
    assert "Put off until" in rosa.press("disposal.defer", fields=put_off).notice
    assert "a complaint" in rosa.look().body
    assert "you chose 0" in rosa.press("disposal.decide", fields={"count": "1"}).notice
    assert "you chose 1, so nothing went" in rosa.press("disposal.decide", fields={"due:3": True, "count": "2"}).notice
    assert "A legal hold" in rosa.press("disposal.decide", fields={"due:1": True, "count": "1"}).notice
    assert "no such thing" in rosa.press("disposal.decide", fields={"due:99": True, "count": "1"}).notice
    with database.read() as db:
        fays = db.scalar(select(func.max(Conversation.id)))
    gone = rosa.press("disposal.decide", fields={"everything": True, "count": "1"}).notice
    assert "Gone: 1 conversation, 2 messages. Certificate 1 says so." in gone
    assert "fay" not in rosa.look().body

    paper = rosa.get("/privacy/certificate/1.html?workspace=north").text
    assert "Two months" in paper
    facts = json.loads(rosa.get("/privacy/certificate/1.json?workspace=north").data)
    assert (facts["messages"], facts["conversations"], facts["by"]) == (2, [fays], "Rosa")
    assert len(facts["audit"]["digest"]) == 64
    assert rosa.get("/privacy/certificate/2.html?workspace=north").status_code == 404
    add_workspace(database, "south")
    assert rosa.get("/privacy/certificate/1.json?workspace=south").status_code in (403, 404)
    assert all(chain.bad is None for chain in verify(database))

    rosa.tab = "holds"
    assert "The hold is lifted" in rosa.press("holds.lift", 1, {"reason": "ruled"}).notice
    assert "ruled" in rosa.look().body
    with database.read() as db:
        assert db.query(Certificate).count() == 1


def test_rules_are_ordered_taken_back_and_travel_in_the_file(server, database, north):
    tom = administrator(server, database, north)
    tom.press("retention.add", fields=RULE)
    tom.press("retention.add", fields=RULE | {"name": "Spam", "outcome": "spam", "length": "30", "unit": "days"})
    assert "there is a rule called that" in tom.press("retention.add", fields=RULE).notice
    assert "Up" in tom.look().body
    tom.press("retention.up", 2)
    assert "no such thing" in tom.press("retention.up", 2).notice
    scope = scope_of(north, add_user(database, "una"), "Administrator")
    text = export_configuration(database, scope)
    assert text.index("name: Spam") < text.index("name: Two months")
    with pytest.raises(BadValue, match="it was used"):
        remove_word(database, scope, "outcome", outcome_of(database, "spam"), NOW)
    assert "The rule is gone" in tom.press("retention.remove", 1).notice
    assert import_configuration(database, scope, text, NOW) > 0
    assert export_configuration(database, scope) == text
    install = add_user(database, "gwen", installation_administrator=True)
    reach = Scope(north, "north", frozenset(), install, "Gwen", installation=True)
    ((slug, _),) = make_workspaces(database, reach, ["New hub"], north, NOW)
    with database.read() as db:
        assert db.query(RetentionRule).count() == 4
    assert slug == "new-hub"


def outcome_of(database, word):
    with database.read() as db:
        return db.scalar(select(Outcome.id).where(Outcome.word == word))


def test_a_file_with_a_rule_that_makes_no_sense_is_refused():
    for wrong in ({"length": True}, {"unit": "years"}, {"kind": 1}, {"name": "Everything else"}, {"colour": "red"}):
        with pytest.raises(BadValue):
            checked({"retention": [{"name": "a", "length": 1, "unit": "days"} | wrong]})


def test_what_belongs_to_no_conversation_is_let_go_by_its_number(server, database, north, rosa, clock):
    town = town_of(database)
    town.take(replace(asks("heard", 1, "heard at the bridge", person("gil")), kind=Kind.LISTENING))
    with change(database, north, COMMAND, NOW) as c:
        row = c.db.get_one(Workspace, north)
        row.retention_days, row.audit_id = 30, c.audit_id
        c.state("change", "workspace", north)
    clock.on(timedelta(days=100))
    rosa.sign_in("rosa")
    rosa.open("/wallboard/main?workspace=north")
    rosa.tab = "disposal"
    seen = rosa.look().body
    assert "1 message found by listening, or of no conversation, is due" in seen
    assert "1 are due now, so nothing went" in rosa.press("disposal.listening", fields={"count": "2"}).notice
    assert "Gone: 1 message. Certificate 1 says so." in rosa.press("disposal.listening", fields={"count": "1"}).notice
    assert "Of no conversation" not in rosa.look().body
