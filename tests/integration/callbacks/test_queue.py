"""The queue through its callbacks: the address decides, a held list keeps its rows, filters only move the address."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from data.desk import claim
from models.workspace import Outcome
from tests.panel import callback, run
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor


def refresh(visitor, search="", news=None, shown=(), changed="live-queue.data", side="", **chosen):
    """What the page is told. ``shown`` are the keys of its rows, or what it says of them with their signs."""
    pairs = [one if isinstance(one, list) else [str(one), "?"] for one in shown]
    values = {"live-queue.data": news, "queue-shown.data": pairs, "queue-views.data-sign": side}
    values |= {f"queue-{name}.value": value for name, value in chosen.items()}
    answer = run(visitor, callback(visitor, output="queue-data.data"), changed, values, query=search)
    assert answer.status_code == 200, answer.text
    return answer.json


def region(answer, name, prop="children"):
    return json.dumps(answer["response"][name][prop], ensure_ascii=False)


def said(answer):
    """Every row that travelled, as text."""
    return json.dumps(answer["response"]["queue-data"]["data"]["rows"], ensure_ascii=False)


def order(answer):
    return [key for key, _ in answer["response"]["queue-data"]["data"]["order"]]


def choose(visitor, search="", **chosen):
    values = {f"queue-{name}.value": value for name, value in chosen.items()}
    return run(visitor, callback(visitor, trigger="queue-channel"), "queue-channel.value", values, query=search)


def address(answer):
    return answer.json["response"]["url"]["search"]


@pytest.fixture
def desk(ann):
    return ann.open("/queue?workspace=north")


def test_the_list_shows_who_waits(database, north, desk):
    add_conversation(database, north, text="A tree is down on Mill Road")
    answer = refresh(desk)
    assert "A tree is down on Mill Road" in said(answer)
    assert region(answer, "queue-list", "data-live-list") == '"fresh"'
    assert region(answer, "queue-new", "hidden") == "true"


def test_nothing_of_another_workspace_is_in_it(database, desk):
    key = add_conversation(database, add_workspace(database, "south"), text="a secret of the south")
    answer = json.dumps(refresh(desk, search=f"&c={key}", shown=[key], news={"hold": True}))
    assert "secret" not in answer


def test_a_held_list_keeps_its_rows_and_counts_what_came(database, north, desk):
    first = add_conversation(database, north, text="The first")
    add_conversation(database, north, text="The second")
    held = refresh(desk, news={"hold": True}, shown=[first])
    assert order(held) == [str(first)]
    assert region(held, "queue-new") == '"1 new, press N"'
    assert region(held, "queue-list", "data-live-list") == '"held"'
    shown = refresh(desk, news={"hold": True}, shown=[first], changed="queue-new.n_clicks")
    assert "The second" in said(shown)


def test_news_at_the_same_moment_does_not_hold_back_who_asked(database, north, desk):
    first = add_conversation(database, north, text="The first")
    add_conversation(database, north, text="The second")
    both = "live-queue.data queue-new.n_clicks"
    shown = refresh(desk, news={"hold": True}, shown=[first], changed=both)
    assert "The second" in said(shown)
    assert region(shown, "queue-list", "data-live-list") == '"fresh"'


def test_a_row_that_a_colleague_took_says_so_where_it_stood(database, north, desk):
    key = add_conversation(database, north, text="The first")
    claim(database, scope_of(north, add_member(database, north, "bob", "Operator")), key, NOW)
    held = refresh(desk, "&view=nobody", news={"hold": True}, shown=[key])
    assert "taken just now" in said(held)
    assert "The first" not in said(refresh(desk, "&view=nobody"))


def test_filters_move_the_address_and_close_what_was_open(desk):
    moved = choose(
        desk, "&view=mine&q=fire&c=3", channel="x", grade="any", when="7d", holder="me", topic="3", flag="media"
    )
    assert address(moved) == "?workspace=north&view=mine&channel=x&when=7d&holder=me&topic=3&flag=media&q=fire"
    assert address(choose(desk, "&view=mine&channel=x", channel="any")) == "?workspace=north&view=mine"
    assert address(choose(desk, "&page=3", team="4")) == "?workspace=north&team=4"


def test_a_filter_that_says_what_the_address_says_moves_nothing(desk):
    assert choose(desk, "&channel=x&page=2", channel="x", team="any").status_code == 204


def test_the_filters_follow_the_address(desk):
    told = refresh(desk, "&grade=emergency&holder=nobody")["sideUpdate"]
    assert told["queue-grade"] == {"value": "emergency"}
    assert told["queue-holder"] == {"value": "nobody"}
    assert told["queue-channel"] == {"value": "any"}


def test_a_filter_that_stands_as_the_address_says_is_left_alone(desk):
    told = refresh(desk, "&grade=emergency", grade="emergency")["sideUpdate"]
    assert "queue-grade" not in told


def test_only_what_looks_otherwise_travels(database, north, desk, clock):
    first = add_conversation(database, north, text="The first")
    add_conversation(database, north, text="The second")
    drawn = refresh(desk)["response"]
    shown, side = drawn["queue-data"]["data"]["order"], drawn["queue-views"]["data-sign"]
    clock.on(timedelta(seconds=20))
    again = refresh(desk, shown=shown, side=side)
    assert said(again) == "{}"
    assert "children" not in again["response"]["queue-views"]
    assert again["response"]["queue-caption"] != drawn["queue-caption"]
    claim(database, scope_of(north, add_member(database, north, "bob", "Operator")), first, NOW)
    taken = refresh(desk, shown=shown, side=side)
    assert list(taken["response"]["queue-data"]["data"]["rows"]) == [str(first)]
    assert "Bob" in said(taken)
    assert "children" in taken["response"]["queue-views"]


def test_a_search_marks_what_it_found_in_this_workspace_alone(database, north, desk):
    key = add_conversation(database, north, text="A tree is down on Mill Road")
    add_conversation(database, add_workspace(database, "south"), text="Another tree")
    answer = refresh(desk, "&q=tre&view=mine", changed="url.search")
    assert order(answer) == [str(key)]
    assert '["mark", {}, "tre"]' in said(answer)
    assert region(answer, "queue-found") == '"1 conversation found"'
    assert region(refresh(desk, "&q=nowhere"), "queue-found") == '"0 conversations found"'


@pytest.mark.parametrize("shown", [3, "x", [None], [[]], [[{}]], [["²", 1]], [["9" * 40, "x"]], [["-1", "x"]]])
def test_a_page_that_says_nonsense_of_its_rows_gets_them_all(database, north, desk, shown):
    key = add_conversation(database, north)
    values = {"live-queue.data": {"hold": True}, "queue-shown.data": shown}
    answer = run(desk, callback(desk, output="queue-data.data"), "url.search", values)
    assert order(answer.json) == [str(key)]


def keep(visitor, button, name=None, role="any", view="", search="&flag=media", clicks=1):
    values = {f"view-{button}.n_clicks": clicks, "view-name.value": name, "view-role.value": role}
    values["view-form.data-view"] = view
    return run(visitor, callback(visitor, trigger="view-save"), f"view-{button}.n_clicks", values, query=search)


def test_a_view_is_saved_renamed_and_deleted_beside_the_list(database, north, desk):
    add_conversation(database, north)
    assert "Saved as a view: With media." in keep(desk, "save", "With media").text
    shown = refresh(desk, "&flag=media")
    assert "With media" in region(shown, "queue-views")
    key = shown["response"]["view-form"]["data-view"]
    assert shown["response"]["view-change"] == {"hidden": False}
    assert "is now called Pictures" in keep(desk, "rename", "Pictures", view=key).text
    assert "Pictures" in region(refresh(desk), "queue-views")
    assert "Deleted the view Pictures" in keep(desk, "delete", view=key).text
    assert "Pictures" not in region(refresh(desk), "queue-views")


def test_a_button_that_was_only_drawn_keeps_nothing(desk):
    assert keep(desk, "save", "x", clicks=None).status_code == 204


def test_an_operator_shares_no_view(desk):
    assert "do not include the right to move work" in keep(desk, "save", "x", role="1").text


def many(visitor, act, keys, clicks=1, **values):
    known = {"queue-picked.data": keys, f"many-{act}.n_clicks": clicks}
    known |= {f"many-{name}.value": value for name, value in values.items()}
    return run(visitor, callback(visitor, trigger=f"many-{act}"), f"many-{act}.n_clicks", known)


@pytest.fixture
def boss(server, database, north):
    add_member(database, north, "sue", "Supervisor")
    visitor = Visitor(server)
    visitor.sign_in("sue")
    return visitor.open("/queue?workspace=north")


def test_what_is_chosen_is_assigned_or_closed_together(database, north, boss):
    keys = [str(add_conversation(database, north)) for _ in range(3)]
    me = add_member(database, north, "bob", "Operator")
    moved = many(boss, "move", keys[:2], to=f"user {me}").json["response"]
    assert moved["notice"]["children"] == "2 conversations assigned."
    assert moved["queue-picked"] == {"data": []}
    with database.read() as db:
        answered = db.scalar(select(Outcome.id).where(Outcome.workspace_id == north).order_by(Outcome.id).limit(1))
    assert "1 conversation closed." in many(boss, "close", keys[:1], outcome=str(answered)).text
    again = many(boss, "close", keys, outcome=str(answered)).json["response"]
    assert "2 conversations closed. 1 conversation left as they were" in again["notice"]["children"]
    assert again["queue-picked"] == {"data": keys[:1]}
    assert "choose how they ended" in many(boss, "close", keys, outcome="").text


@pytest.mark.parametrize("role", ["Auditor", "Records officer"])
def test_the_queue_opens_for_those_who_may_only_read(server, database, north, role):
    add_conversation(database, north)
    add_member(database, north, "pat", role)
    visitor = Visitor(server)
    visitor.sign_in("pat")
    visitor.open("/queue?workspace=north")
    first = visitor.get("/_dash-layout", Referer="http://localhost/queue?workspace=north")
    assert "Is anybody there?" in first.text


def test_nothing_chosen_is_nothing_done(database, north, boss):
    for keys in (None, [], "x", [None], [[]]):
        assert many(boss, "move", keys, to="nobody").status_code == 204
    assert many(boss, "move", [str(add_conversation(database, north))], clicks=None).status_code == 204


def test_only_those_who_may_get_boxes_and_may_move(database, north, ann, boss):
    key = add_conversation(database, north)
    assert "data-pick" in said(refresh(ann.open("/queue?workspace=north")))
    assert many(ann, "move", [str(key)], to="nobody").status_code == 403


def test_a_redraw_by_news_is_no_sign_of_a_person_but_an_address_is(desk, database, clock):
    from models.people import SignedIn

    clock.on(timedelta(minutes=10))
    refresh(desk)
    with database.read() as db:
        assert db.scalar(select(SignedIn.last_active)) == NOW
    refresh(desk, changed="url.search")
    with database.read() as db:
        assert db.scalar(select(SignedIn.last_active)) == clock.now
