"""The audit through the whole program: the search follows the address, the walk goes on beside it, the file is an event."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.audit import FIELDS
from callbacks.house import KEY
from data.audit import change
from models.audit import Actor, AuditEvent
from tests.rows import NOW, add_conversation, add_member, scope_of
from tests.visits import Visitor

PATIENT = 20


@pytest.fixture
def patricia(server, database, north):
    """An auditor, on the page, in a workspace where something happened."""
    add_member(database, north, "patricia", "Auditor")
    add_conversation(database, north)
    with change(database, north, Actor("=cmd()", 1, 2, "192.0.2.9"), NOW + timedelta(minutes=1)) as c:
        c.state("claim", "conversation", 1, after={"holder": 1}, reason="@SUM(1+1)")
    visitor = Visitor(server)
    visitor.sign_in("patricia")
    return visitor.open("/audit?workspace=north")


def call(visitor, trigger, value, states=(), inputs=None):
    name, _, prop = trigger.partition(".")
    found = next(
        one
        for one in visitor.client.application.extensions["watchroom"].dash._callback_list
        if {"id": name, "property": prop} in one["inputs"] and "audit" in one["output"] + name
    )
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in found["output"].strip(".").split("...")
    ]
    given = inputs or [{"id": name, "property": prop, "value": value}]
    return visitor.call(
        {
            "output": found["output"],
            "outputs": outputs if len(outputs) > 1 else outputs[0],
            "inputs": given,
            "state": [{"id": one, "property": kind, "value": said} for one, kind, said in states]
            + [{"id": "url", "property": "search", "value": "?workspace=north"}],
            "changedPropIds": [trigger],
        }
    )


def test_the_search_follows_the_address(patricia):
    path = (("url", "pathname", "/audit"),)
    everything = call(patricia, "url.search", "?workspace=north&period=all", path).text
    assert "claimed conversation 1" in everything
    assert "store" in everything
    narrowed = call(patricia, "url.search", "?workspace=north&period=all&action=claim", path).text
    assert "claimed conversation 1" in narrowed
    assert "create" not in narrowed.lower().replace("created", "")
    assert "No event fits" in call(patricia, "url.search", "?workspace=north&person=x", path).text
    assert "nothing older" in call(patricia, "url.search", "?workspace=north&before=1", path).text
    assert call(patricia, "url.search", "?workspace=north", (("url", "pathname", "/queue"),)).status_code == 204


def choose(visitor, *values, path="/audit", search="?workspace=north"):
    inputs = [
        {"id": str(name), "property": "value", "value": value} for name, value in zip(FIELDS, values, strict=True)
    ]
    states = (("url", "pathname", path), ("url", "search", search))
    return call(visitor, "audit-period.value", None, states, inputs)


def test_what_is_chosen_goes_into_the_address(patricia):
    chosen = choose(patricia, "all", "", "", "any", "claim", "conversation", "1")
    assert "workspace=north&action=claim&kind=conversation&number=1&period=all" in chosen.text
    assert choose(patricia, "7d", "", "", "any", "any", "any", "").status_code == 204, "nothing was changed"
    assert choose(patricia, "all", "", "", "any", "any", "any", "", path="/queue").status_code == 204
    dated = choose(patricia, "custom", "", "", "any", "any", "any", "")
    assert "period=custom&from=2026-11-17&to=2026-11-23" in dated.text


def test_a_walk_through_the_chain_says_what_it_found(patricia, server, north):
    assert call(patricia, "audit-verify.n_clicks", None).status_code == 204
    assert call(patricia, "audit-stop.n_clicks", None).status_code == 204
    assert call(patricia, "audit-verify.n_clicks", 1).status_code == 200
    server.extensions[KEY].checks.wait(scope_of(north, 1, "Auditor"), PATIENT)
    said = call(patricia, "audit-clock.n_intervals", 1).text
    assert "chain whole, not anchored yet" in said
    assert call(patricia, "audit-stop.n_clicks", 1).status_code == 200


def test_the_file_holds_no_formula_and_is_an_event(patricia, database):
    answer = patricia.get("/audit/events.csv?workspace=north&period=all&action=claim")
    assert answer.status_code == 200
    assert "watchroom-north-audit.csv" in answer.headers["Content-Disposition"]
    heading, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    told = dict(zip(heading, row, strict=True))
    assert (told["Who"], told["Reason"]) == ("'=cmd()", "'@SUM(1+1)")
    assert told["In words"].startswith("'=cmd() claimed conversation 1")
    with database.read() as db:
        last = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (last.action, last.object, last.actor) == ("export", "audit", "Patricia")
    assert last.after == {"file": "csv", "action": "claim", "period": "all"}


@pytest.mark.parametrize("role", ["Operator", "Supervisor", "Administrator"])
def test_others_see_nothing_of_it(server, database, north, role):
    add_member(database, north, "nosy", role)
    visitor = Visitor(server)
    visitor.sign_in("nosy")
    assert visitor.get("/audit?workspace=north").status_code == 403
    assert visitor.get("/audit/events.csv?workspace=north").status_code == 403
    visitor.open("/wallboard/main?workspace=north")
    for trigger in ("audit-verify.n_clicks", "audit-stop.n_clicks", "audit-clock.n_intervals"):
        assert call(visitor, trigger, 1).status_code == 403
