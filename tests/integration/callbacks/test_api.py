"""The API as programs ask it: what it answers is what it says of itself, and what the pages show."""

from datetime import date, timedelta

import pytest

from callbacks.api import REPORTS, plain
from data.people import disable_user
from data.tokens import A_MINUTE, create_token
from models.audit import COMMAND
from models.snapshots import Wait
from tests.asking import rules
from tests.rows import NOW, add_conversation, add_member, session
from tests.visits import Asker

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": int | float,
    "boolean": bool,
    "null": type(None),
}


def amiss(value, schema, where="answer"):
    """What of a value is not as its schema says."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, TYPES[kind]) for kind in kinds):
        return [f"{where} is {value!r}"]
    wrong = [f"{where} is none of the words"] if value not in schema.get("enum", [value]) else []
    if isinstance(value, list) and "items" in schema:
        wrong += [line for one in value for line in amiss(one, schema["items"], f"{where}[]")]
    if isinstance(value, dict) and "properties" in schema:
        wrong += [f"{where} differs: {set(value) ^ set(schema['required'])}"] * (set(value) != set(schema["required"]))
        for name, one in schema["properties"].items():
            wrong += amiss(value.get(name), one, f"{where}.{name}")
    return wrong


@pytest.fixture
def program(server, database, north):
    """A program with a token for everything, and the key of its owner."""
    owner = add_member(database, north, "ann", "Supervisor")
    token = create_token(
        database, session(database, owner), "north", "Board", ["figures", "queue", "accounts"], 30, NOW
    )
    return Asker(server, token), owner


def test_every_answer_is_what_the_document_says(server, database, north, program):
    for _ in range(3):
        add_conversation(database, north)
    asker, _ = program
    said = asker.ask("openapi.json").json
    described = {path.replace("{report}", name) for path in said["paths"] for name in REPORTS}
    routes = {rule.rule for rule in rules(server) if rule.rule.startswith("/api/") and "<" not in rule.rule}
    assert described >= routes - {"/api/v1/openapi.json"}
    for path in sorted(described):
        answer = asker.client.get(path, environ_base=asker.address)
        shape = said["paths"].get(path) or said["paths"]["/api/v1/reports/{report}"]
        schema = shape["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert answer.status_code == 200, path
        assert amiss(answer.json, schema) == [], path
    assert amiss({"workspace": 1}, schema)  # the check itself can fail
    assert asker.ask("queue").json["views"]["open"] == 3
    assert sum(one["waiting"] for one in asker.ask("queue").json["accounts"]) == 3


def test_a_wait_and_a_day_are_plain_and_what_is_not_known_stays_unknown():
    assert plain(Wait(timedelta(seconds=90), reached=False)) == {"minutes": 1.5, "reached": False}
    assert [plain(cell) for cell in (date(2026, 11, 25), None, 0, "x")] == ["2026-11-25", None, 0, "x"]


def test_accounts_come_page_by_page_and_every_one_once(database, north, program):
    for _ in range(3):
        add_conversation(database, north)
    asker, _ = program
    seen, after = [], 0
    while after is not None:
        page = asker.ask(f"accounts?limit=1&after={after}").json
        seen += [one["id"] for one in page["accounts"]]
        after = page["next"]
    assert seen == sorted(set(seen))
    assert seen == [one["id"] for one in asker.ask("accounts").json["accounts"]]
    assert {asker.ask(f"accounts?limit={bad}").status_code for bad in ("0", "201", "x", "-1", "%00", "9" * 30)} == {400}


def test_a_token_opens_the_api_only_and_is_refused_once_its_owner_is_disabled(database, program):
    asker, owner = program
    assert asker.client.get("/audit.csv", environ_base=asker.address).status_code in (401, 404)
    assert asker.get("/queue?workspace=north").status_code == 302
    assert asker.ask("queue?workspace=south").status_code == 404
    disable_user(database, owner, NOW, COMMAND)
    assert asker.ask("queue").status_code == 401


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer x", "Basic x", "Bearer \u00ff"])
def test_whoever_shows_no_good_token_is_refused_even_with_a_session(ann, shown):
    answer = ann.client.get("/api/v1/queue", headers={"Authorization": shown}, environ_base=ann.address)
    assert answer.status_code == 401


def test_too_many_calls_are_told_how_long_to_wait(program, clock):
    asker, _ = program
    answers = [asker.ask("openapi.json").status_code for _ in range(A_MINUTE)]
    assert set(answers) == {200}
    refused = asker.ask("openapi.json")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    clock.on(timedelta(minutes=1))
    assert asker.ask("openapi.json").status_code == 200
