"""The queue through its callbacks: the address decides, a held list keeps its rows, filters only move the address."""

import json

import pytest

from data.desk import claim
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of

OUTPUTS = [
    ("queue-views", "children"),
    ("queue-caption", "children"),
    ("queue-turn", "children"),
    ("queue-new", "children"),
    ("queue-new", "hidden"),
    ("queue-list", "data-live-list"),
    ("queue-rows", "children"),
    ("queue-list", "data-sign"),
]


def part(name, prop, value=None):
    return {"id": name, "property": prop, "value": value}


def refresh(visitor, search="?workspace=north", news=None, shown=(), changed="live-queue.data", grade=None, sign=""):
    body = {
        "output": ".." + "...".join(f"{name}.{prop}" for name, prop in OUTPUTS) + "..",
        "outputs": [{"id": name, "property": prop} for name, prop in OUTPUTS],
        "inputs": [part("live-queue", "data", news), part("url", "search", search), part("queue-new", "n_clicks")],
        "state": [
            [
                {"id": {"type": "queue-row", "id": key}, "property": "id", "value": {"type": "queue-row", "id": key}}
                for key in shown
            ],
            part("queue-channel", "value"),
            part("queue-grade", "value", grade),
            part("queue-list", "data-sign", sign),
            part("url", "search", search),
        ],
        "changedPropIds": [changed],
    }
    answer = visitor.call(body)
    assert answer.status_code == 200, answer.text
    return answer.json


def region(answer, name, prop="children"):
    return json.dumps(answer["response"][name][prop], ensure_ascii=False)


def choose(visitor, channel, grade, search):
    hashed = next(
        name
        for name in visitor.client.application.extensions["watchroom"].dash.callback_map
        if name.startswith("url.search@")
    )
    return visitor.call(
        {
            "output": hashed,
            "outputs": {"id": "url", "property": hashed.partition(".")[2]},
            "inputs": [part("queue-channel", "value", channel), part("queue-grade", "value", grade)],
            "state": [part("url", "search", search), part("url", "search", search)],
            "changedPropIds": ["queue-channel.value"],
        }
    )


@pytest.fixture
def desk(ann):
    return ann.open("/queue?workspace=north")


def test_the_list_shows_who_waits(database, north, desk):
    add_conversation(database, north, text="A tree is down on Mill Road")
    answer = refresh(desk)
    assert "A tree is down on Mill Road" in region(answer, "queue-rows")
    assert region(answer, "queue-list", "data-live-list") == '"fresh"'
    assert region(answer, "queue-new", "hidden") == "true"


def test_nothing_of_another_workspace_is_in_it(database, desk):
    key = add_conversation(database, add_workspace(database, "south"), text="a secret of the south")
    answer = json.dumps(refresh(desk, search=f"?workspace=north&c={key}", shown=[key], news={"hold": True}))
    assert "secret" not in answer


def test_a_held_list_keeps_its_rows_and_counts_what_came(database, north, desk):
    first = add_conversation(database, north, text="The first")
    add_conversation(database, north, text="The second")
    held = refresh(desk, news={"hold": True}, shown=[first])
    assert "The first" in region(held, "queue-rows")
    assert "The second" not in region(held, "queue-rows")
    assert region(held, "queue-new") == '"1 new, press N"'
    assert region(held, "queue-list", "data-live-list") == '"held"'
    shown = refresh(desk, news={"hold": True}, shown=[first], changed="queue-new.n_clicks")
    assert "The second" in region(shown, "queue-rows")


def test_a_row_that_a_colleague_took_says_so_where_it_stood(database, north, desk):
    key = add_conversation(database, north, text="The first")
    claim(database, scope_of(north, add_member(database, north, "bob", "Operator")), key, NOW)
    held = refresh(desk, "?workspace=north&view=nobody", news={"hold": True}, shown=[key])
    assert "taken just now" in region(held, "queue-rows")
    assert "The first" not in region(refresh(desk, "?workspace=north&view=nobody"), "queue-rows")


def test_a_filter_moves_the_address_and_closes_what_was_open(desk):
    answer = choose(desk, "x", "any", "?workspace=north&view=mine&c=3")
    assert answer.json["response"]["url"]["search"] == "?workspace=north&view=mine&channel=x"
    back = choose(desk, "any", "any", "?workspace=north&view=mine&channel=x")
    assert back.json["response"]["url"]["search"] == "?workspace=north&view=mine"


def test_a_filter_that_says_what_the_address_says_moves_nothing(desk):
    assert choose(desk, "x", "any", "?workspace=north&channel=x").status_code == 204


def test_the_filters_follow_the_address(desk):
    told = refresh(desk, "?workspace=north&grade=emergency")["sideUpdate"]
    assert told["queue-grade"] == {"value": "emergency"}
    assert told["queue-channel"] == {"value": "any"}


def test_a_filter_that_stands_as_the_address_says_is_left_alone(desk):
    told = refresh(desk, "?workspace=north&grade=emergency", grade="emergency")["sideUpdate"]
    assert "queue-grade" not in told


def test_rows_are_made_anew_only_where_they_look_otherwise(database, north, desk, clock):
    from datetime import timedelta

    key = add_conversation(database, north, text="The first")
    drawn = refresh(desk)["response"]
    sign = drawn["queue-list"]["data-sign"]
    clock.on(timedelta(seconds=20))
    again = refresh(desk, sign=sign)["response"]
    assert "children" not in again.get("queue-rows", {})
    assert again["queue-caption"] != drawn["queue-caption"]
    claim(database, scope_of(north, add_member(database, north, "bob", "Operator")), key, NOW)
    assert "Bob" in region(refresh(desk, sign=sign), "queue-rows")


def test_a_redraw_by_news_is_no_sign_of_a_person_but_an_address_is(desk, database, clock):
    from datetime import timedelta

    from sqlalchemy import select

    from models.people import SignedIn

    clock.on(timedelta(minutes=10))
    refresh(desk)
    with database.read() as db:
        assert db.scalar(select(SignedIn.last_active)) == NOW
    refresh(desk, changed="url.search")
    with database.read() as db:
        assert db.scalar(select(SignedIn.last_active)) == clock.now
