"""The door, from the running program: every route and every callback, asked by everybody who should not get in."""

import json

import pytest
from dash import Input, Output, no_update
from dash.exceptions import PreventUpdate
from flask import abort

from app import LARGEST_BODY
from callbacks import problems
from callbacks.guard import DASH, MARK, Open, anybody, mark_of, needs, somebody, wire, wire_route
from callbacks.house import KEY
from callbacks.places import find
from data.kiosks import create_kiosk
from data.people import withdraw
from layouts.pages import PAGES
from models.audit import COMMAND
from models.permissions import BUILT_IN_ROLES, KIOSK_PERMISSIONS, Permission
from models.problems import AlreadyClaimed
from tests.asking import address, body_of, callbacks_of, rules
from tests.rows import NOW, add_member, add_workspace
from tests.visits import CALLBACK, Visitor

SIGNED_OUT = {
    "_dash_assets.static",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    "/_favicon.ico",
    "callbacks.signin.sign_in_page",
    "callbacks.signin.sign_in_now",
    "callbacks.signin.sign_out_page",
    "callbacks.signin.sign_out_now",
    "callbacks.signin.setup_page",
    "callbacks.signin.setup_now",
    "callbacks.signin.kiosk_link",
    "callbacks.signin.invitation_page",
    "callbacks.signin.code_page",
    "callbacks.signon.leave",
    "callbacks.signon.arrive",
    "callbacks.signin.pairing_page",
    "callbacks.signin.code_now",
    "callbacks.passkeys.show",
    "callbacks.passkeys.show_question",
    "callbacks.signin.invitation_now",
    "callbacks.survey.question",
    "callbacks.tracking.lead",
    "callbacks.survey.answer",
    "callbacks.operations.healthz",
    "callbacks.operations.readyz",
    "callbacks.operations.version",
    "callbacks.operations.metrics",
}
"""Every route that answers people who are not signed in. A new one is added here by hand, or the tests fail."""


def test_every_route_says_who_may_ask(server):
    for rule in rules(server):
        assert DASH.get(rule.endpoint) or mark_of(server.view_functions[rule.endpoint]), rule


def test_every_callback_names_its_permission(server):
    for name, handler, _ in callbacks_of(server):
        assert mark_of(handler) is Open.SOMEBODY or isinstance(mark_of(handler), Permission), name


def test_only_the_router_answers_without_a_permission_of_its_own(server):
    open_ones = [handler.__name__ for _, handler, _ in callbacks_of(server) if mark_of(handler) is Open.SOMEBODY]
    assert open_ones == ["draw_page"]


def test_nobody_gets_in_without_signing_in(server, visitor):
    token = visitor.form_token()
    for rule in rules(server):
        if rule.endpoint in SIGNED_OUT:
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = visitor.client.open(address(rule), method=method, headers={"X-CSRFToken": token}, json={})
            assert answer.status_code == 401, rule


def test_only_the_routes_on_the_list_are_open_to_everybody(server):
    marks = {
        rule.endpoint: DASH.get(rule.endpoint) or mark_of(server.view_functions[rule.endpoint])
        for rule in rules(server)
    }
    assert {endpoint for endpoint, mark in marks.items() if mark is Open.ANYBODY} <= SIGNED_OUT


def path_of(page):
    """An address of the page: some stand only below their path, by the key of a conversation."""
    return page.path if find(page.path) else f"{page.path}/1"


def test_pages_send_people_to_sign_in(visitor):
    for page in PAGES:
        path = path_of(page)
        assert visitor.get(path).headers["Location"].startswith("/sign-in?next=")
    assert visitor.get("/").headers["Location"] == "/sign-in"


def test_a_callback_gives_nothing_to_somebody_who_is_not_signed_in(server, visitor):
    token = visitor.form_token()
    for name, _, entry in callbacks_of(server):
        answer = visitor.call(body_of(entry), token=token)
        assert (answer.status_code, answer.json) == (401, {"problem": problems.PLAIN[401]}), name


@pytest.mark.parametrize("role", sorted(BUILT_IN_ROLES))
def test_a_callback_runs_for_exactly_the_roles_that_hold_its_permission(server, database, north, role):
    add_member(database, north, "ann", role)
    visitor = Visitor(server)
    visitor.sign_in("ann")
    visitor.open("/wallboard/main?workspace=north")
    for name, handler, entry in callbacks_of(server):
        mark = mark_of(handler)
        allowed = mark is Open.SOMEBODY or mark in BUILT_IN_ROLES[role]
        assert (visitor.call(body_of(entry)).status_code == 403) is not allowed, name


def test_a_kiosk_runs_nothing_but_its_board(server, database, north, visitor):
    visitor.open(f"/kiosk/{create_kiosk(database, north, 'Wall', 'main', NOW, COMMAND)}")
    for name, handler, entry in callbacks_of(server):
        mark = mark_of(handler)
        allowed = mark is Open.SOMEBODY or mark in KIOSK_PERMISSIONS
        assert (visitor.call(body_of(entry)).status_code == 403) is not allowed, name


def test_a_role_in_one_workspace_is_nothing_in_another(server, database, ann):
    add_workspace(database, "south")
    ann.open("/queue?workspace=north")
    for name, handler, entry in callbacks_of(server):
        if mark_of(handler) is not Open.SOMEBODY:
            assert ann.call(body_of(entry, search="?workspace=south")).status_code == 403, name
    for page in PAGES:
        path = path_of(page)
        assert ann.get(f"{path}?workspace=south").status_code == 404


def test_a_page_opens_for_exactly_the_roles_that_hold_its_permission(server, database, north):
    for role, permissions in BUILT_IN_ROLES.items():
        name = role.split()[0].lower()
        add_member(database, north, name, role)
        visitor = Visitor(server)
        visitor.sign_in(name)
        for page in PAGES:
            path = path_of(page)
            opened = visitor.get(f"{path}?workspace=north").status_code == 200
            assert opened is (page.permission in permissions), (role, page.name)


def test_a_role_taken_away_counts_on_the_next_call(database, north, ann):
    assert ann.get("/queue?workspace=north").status_code == 200
    withdraw(database, north, 1, "Operator", NOW, COMMAND)
    assert ann.get("/queue?workspace=north").status_code == 404
    refused = ann.get("/queue")
    assert refused.status_code == 403
    assert "You hold no role in any workspace yet" in refused.text


def test_an_address_without_a_workspace_is_sent_on_to_the_one_used_last(server, database, north, ann):
    south = add_workspace(database, "south")
    add_member(database, south, "bob", "Operator")
    assert ann.get("/queue?view=mine").headers["Location"] == "/queue?view=mine&workspace=north"


def test_the_workspace_used_last_is_kept_over_signing_out(server, database, north, ann):
    from data.people import grant

    south = add_workspace(database, "south")
    grant(database, south, 1, "Operator", NOW, COMMAND)
    ann.get("/queue?workspace=south")
    ann.sign_out()
    ann.sign_in("ann")
    assert ann.get("/queue").headers["Location"] == "/queue?workspace=south"


@pytest.mark.parametrize(
    "path", ["/nope", "/queue/1", "/wallboard/secret", "/conversation", "/conversation/x", "/admin/nothing", "/_mcp"]
)
def test_an_unknown_address_is_not_found(visitor, ann, path):
    for who in (visitor, ann):
        answer = who.get(path)
        assert answer.status_code == 404
        assert "There is no page at this address." in answer.text


def test_what_names_no_permission_is_refused(ann, build):
    made = build()
    made.add_url_rule("/forgotten", view_func=lambda: "secret")
    dash = made.extensions[KEY].dash
    dash.callback(Output("notice", "title"), Input("url", "hash"))(lambda value: "secret")
    visitor = Visitor(made)
    visitor.sign_in("ann")
    assert visitor.get("/forgotten").status_code == 403
    visitor.open("/queue?workspace=north")
    entry = {"output": "notice.title", "inputs": [{"id": "url", "property": "hash"}], "state": []}
    assert visitor.call(body_of(entry)).status_code == 403


def test_a_handler_without_a_permission_cannot_be_wired(server):
    def forgotten(scope):
        raise AssertionError

    dash = server.extensions[KEY].dash
    with pytest.raises(TypeError, match="forgotten names no permission"):
        wire(dash, forgotten, Output("notice", "title"), [Input("url", "hash")])
    with pytest.raises(TypeError, match="forgotten names no permission"):
        wire(dash, anybody(forgotten), Output("notice", "title"), [Input("url", "hash")])
    delattr(forgotten, MARK)
    with pytest.raises(TypeError, match="says nothing about who may ask"):
        wire_route(server, "/forgotten", forgotten)


@needs(Permission.CLAIM)
def takes(scope, wanted):
    """A handler that does what its input says."""
    if wanted == "taken":
        raise AlreadyClaimed(7, None, "Bob")
    if wanted == "prevented":
        raise PreventUpdate
    if wanted == "broken":
        raise RuntimeError("a fault of ours")
    if wanted == "gone":
        abort(404)
    return no_update if wanted == "nothing" else f"{scope.slug} {scope.user_id} {wanted}"


TAKES = {"output": "probe.children", "inputs": [{"id": "probe", "property": "value"}]}


@pytest.fixture
def probe(build, ann):
    """Ann's browser on a program with one more callback."""
    made = build()
    wire(made.extensions[KEY].dash, takes, Output("probe", "children"), [Input("probe", "value")])
    visitor = Visitor(made)
    visitor.sign_in("ann")
    visitor.open("/queue?workspace=north")
    return visitor


def ask(wanted, search="?workspace=north", **changes):
    return {
        "output": "probe.children",
        "outputs": {"id": "probe", "property": "children"},
        "inputs": [{"id": "probe", "property": "value", "value": wanted}],
        "state": [{"id": "url", "property": "search", "value": search}],
        "changedPropIds": ["probe.value"],
    } | changes


def test_a_handler_is_called_with_the_scope_of_the_address(probe):
    answer = probe.call(ask("it"))
    assert answer.json["response"]["probe"]["children"] == "north 1 it"


def test_a_refusal_becomes_a_notice_and_changes_nothing_else(probe):
    answer = probe.call(ask("taken"))
    assert answer.status_code == 200
    assert answer.json["response"] == {}
    assert answer.json["sideUpdate"] == {"notice": {"children": "Bob is already answering this conversation."}}


def test_a_fault_of_ours_becomes_a_notice_without_a_traceback(probe):
    answer = probe.call(ask("broken"))
    assert answer.status_code == 200
    assert answer.json["sideUpdate"] == {"notice": {"children": problems.UNKNOWN}}
    assert "RuntimeError" not in answer.text


def test_an_http_answer_of_a_handler_stays_what_it_is(probe):
    assert probe.call(ask("gone")).status_code == 404


def test_a_handler_that_changes_nothing_answers_nothing(probe):
    assert probe.call(ask("prevented")).status_code == 204


@pytest.mark.parametrize(
    ("token", "answered"), [("", 400), ("a wrong one", 400), (None, 200)], ids=["none", "wrong", "right"]
)
def test_a_callback_needs_the_token_of_its_page(probe, token, answered):
    assert probe.call(ask("it"), token=token).status_code == answered


def test_the_token_of_another_person_is_wrong(probe, ann):
    ann.open("/queue?workspace=north")
    assert probe.call(ask("it"), token=ann.page_token()).status_code == 400


BAD_BODIES = {
    "a list": [],
    "nothing": None,
    "a text": "x",
    "empty": {},
    "unknown output": ask("it", output="other.children"),
    "output is a list": ask("it", output=["probe.children"]),
    "inputs are a text": ask("it", inputs="x"),
    "inputs are numbers": ask("it", inputs=[1, 2]),
    "an input without an id": ask("it", inputs=[{"property": "value"}]),
    "no inputs": ask("it", inputs=[], state=[]),
    "state is missing": ask("it", state=[]),
    "too much state": ask("it", state=[{"id": "url", "property": "search", "value": ""}] * 9),
    "changed is a number": ask("it", changedPropIds=3),
    "changed holds numbers": ask("it", changedPropIds=[3]),
    "outputs are a text": ask("it", outputs="probe"),
    "outputs are many": ask("it", outputs=[{"id": "probe", "property": "children"}] * 2),
    "ids are numbers": ask("it", inputs=[{"id": 3, "property": "value"}]),
    "deep": ask([[[[[[]]]]]]),
}


@pytest.mark.parametrize("name", sorted(set(BAD_BODIES) - {"deep"}))
def test_a_body_that_makes_no_sense_is_answered_400(probe, name):
    answer = probe.call(BAD_BODIES[name])
    assert (answer.status_code, answer.json) == (400, {"problem": problems.PLAIN[400]})


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 5_000], ids=["none", "cut off", "no text", "deep"])
def test_a_body_that_is_not_json_is_answered_400(probe, raw):
    headers = {"X-CSRFToken": probe.page_token(), "Content-Type": "application/json"}
    answer = probe.client.post(CALLBACK, data=raw, headers=headers, environ_base=probe.address)
    assert answer.status_code == 400


@pytest.mark.parametrize("part", ["inputs", "state", "outputs"])
def test_a_body_nested_deeper_than_any_page_sends_is_answered_400(probe, part):
    deep: list = []
    for _ in range(450):
        deep = [deep]
    assert probe.call(ask("it") | {part: deep}).status_code == 400


@pytest.mark.parametrize("path", ["os/x.js", "dash/..%2f..%2fapp.py", "dash/nope.js", "%00/x.js"])
def test_a_guessed_file_of_a_package_is_not_found(visitor, path):
    assert visitor.get(f"/_dash-component-suites/{path}").status_code == 404


def test_a_body_that_is_too_large_is_not_read(probe):
    headers = {"X-CSRFToken": probe.page_token(), "Content-Type": "application/json"}
    body = json.dumps(ask("x" * 10 * LARGEST_BODY))
    answer = probe.client.post(CALLBACK, data=body, headers=headers, environ_base=probe.address)
    assert answer.status_code == 413


@pytest.mark.parametrize("search", [None, "", "?", 7, {"a": 1}, "?workspace=", "?workspace=%00", "workspace=south"])
def test_a_strange_query_opens_no_other_workspace(probe, database, search):
    add_workspace(database, "south")
    answer = probe.call(ask("it", search=search))
    assert answer.status_code == 403 or answer.json["response"]["probe"]["children"].startswith("north ")


def test_somebody_is_not_everybody(build):
    made = build()
    wire_route(made, "/for-somebody", somebody(lambda_view))
    assert Visitor(made).get("/for-somebody").status_code == 401


def lambda_view():
    return "here"
