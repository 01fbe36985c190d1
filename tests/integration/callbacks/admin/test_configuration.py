"""Configuration as a file: out, compared, and in again."""

import json
import time

import yaml
from sqlalchemy import func, select

from data.freshness import FRESH_FOR
from models.audit import AuditEvent
from models.workspace import Account


def file_of(tom):
    answer = tom.get("/admin-configuration?workspace=north")
    assert answer.status_code == 200
    return yaml.safe_load(answer.text)


def press(tom, given, act="configuration.apply"):
    text = given if isinstance(given, str) else yaml.safe_dump(json.loads(json.dumps(given)), allow_unicode=True)
    return tom.press(act, fields={"text": text})


def test_a_file_brought_back_changes_nothing(tom):
    tom.tab = "configuration"
    assert "nothing would change" in press(tom, file_of(tom), "configuration.compare").body
    assert "Changed 0 lines" in press(tom, file_of(tom)).notice


def test_a_file_says_what_it_would_change_before_it_does(database, tom):
    tom.tab = "configuration"
    given = {
        "workspace": {"aim": 0.8},
        "topics": [{"word": "Canal"}],
        "rules": [{"name": "Canal", "conditions": {"words": {"any": ["canal"]}}, "actions": {"topic": "Canal"}}],
    }
    seen = press(tom, given, "configuration.compare").body
    assert "workspace, aim" in seen
    assert "Nothing has changed yet" in seen
    assert file_of(tom)["workspace"]["aim"] == 0.9
    assert "Changed" in press(tom, given).notice
    found = file_of(tom)
    assert found["workspace"]["aim"] == 0.8
    assert [rule["name"] for rule in found["rules"]] == ["Canal"]
    assert len(found["topics"]) > 1
    with database.read() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "import")).one()
    assert (event.before["workspace, aim"], event.after["workspace, aim"]) == ("0.9", "0.8")


def test_every_section_is_taken(tom):
    tom.tab = "configuration"
    given = file_of(tom)
    given["grades"][1] |= {"word": "High", "targets": [{"channel": "", "seconds": 60, "clock": "public"}]}
    given["grades"].append(given["grades"][2] | {"key": "low", "word": "Low"})
    given["outcomes"].append({"word": "Handed on", "left_out": True})
    given["roles"] = [{"name": "Listener", "permissions": ["read messages"]}]
    given["teams"] = [{"name": "Roads", "hours": [[0, "09:00", "17:00"]], "capacity": 4}]
    given["templates"] = [{"name": "One", "text": "Thank you."}]
    given["blocked_words"] = [{"word": "guv"}]
    given["calendar"].append(given["calendar"][0] | {"number": 2, "begins": "2027-01-01T00:00:00+00:00"})
    press(tom, given)
    found = file_of(tom)
    assert [found["grades"][1]["word"], found["grades"][3]["key"]] == ["High", "low"]
    assert found["roles"][0]["name"] == "Listener"
    assert found["teams"] == [{"name": "Roads", "hours": [[0, "09:00:00", "17:00:00"]], "capacity": 4}]
    assert [one["name"] for one in found["templates"]] == ["One"]
    assert [one["number"] for one in found["calendar"]] == [1, 2]
    again = found | {
        "blocked_words": [],
        "teams": [{"name": "Roads", "capacity": 5}],
        "roles": [{"name": "Listener", "permissions": ["reply"]}],
    }
    press(tom, again)
    found = file_of(tom)
    assert (found["blocked_words"], found["teams"][0]["capacity"], found["roles"][0]["permissions"]) == (
        [],
        5,
        ["reply"],
    )


def test_three_hundred_accounts_are_registered_by_one_file(database, tom):
    tom.tab = "configuration"
    accounts = [{"channel": "x", "connector": "x", "handle": f"@hub{number}", "owner": "Desk"} for number in range(300)]
    began = time.perf_counter()
    press(tom, {"accounts": accounts})
    assert time.perf_counter() - began < 30
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(Account)) == 300
    press(tom, {"accounts": [accounts[0] | {"interval": 120, "settings": {"page_size": "50"}}]})
    with database.read() as db:
        assert db.scalars(select(Account.interval_seconds).order_by(Account.id)).first() == 120


def test_a_file_that_cannot_be_taken_says_where_and_changes_nothing(database, tom):
    tom.tab = "configuration"
    version = file_of(tom)["calendar"][0]
    for given, said in (
        ("", "must hold sections"),
        ("a: [", "cannot be read as YAML at line"),
        ("a: &x [1]\nb: *x", "write out"),
        ("!!python/object/apply:os.system ['true']", "cannot be read as YAML"),
        ({"people": []}, "no section"),
        ({"topics": {}}, "give a list"),
        ({"topics": [1]}, "names with values"),
        ({"topics": [{"word": "A"}, {"word": "A"}]}, "twice"),
        ({"topics": [{"word": ""}]}, "left empty"),
        ({"topics": [{"word": 7}]}, "give a text"),
        ({"topics": [{"wort": "A"}]}, "there is no"),
        ({"workspace": {"zone": "Moon"}}, "Europe/London"),
        ({"workspace": {"aim": 2}}, "give a share"),
        ({"workspace": {"gap_seconds": True}}, "whole number"),
        ({"grades": [{"key": "a", "word": "A", "look": "done"}]}, "give targets"),
        (
            {"grades": [{"key": "a", "word": "A", "look": "pink", "targets": [{"seconds": 1, "clock": "public"}]}]},
            "one of",
        ),
        ({"outcomes": [{"word": "A", "left_out": "no"}]}, "true or false"),
        ({"calendar": [version | {"zone": "Moon"}]}, "cannot be read"),
        ({"calendar": [version | {"windows": []}]}, "has begun"),
        ({"calendar": [version, version | {"number": 2}]}, "has begun or begins in the past"),
        ({"calendar": [version | {"number": 0}]}, "from 1"),
        ({"roles": [{"name": "Operator", "permissions": ["reply"]}]}, "comes with the program"),
        ({"roles": [{"name": "A", "permissions": ["fly"]}]}, "give permissions"),
        ({"rules": [{"name": "A", "conditions": {"wings": 1}}]}, "Rules, A"),
        ({"templates": [{"name": "A", "text": "{nothing}"}]}, "no variable"),
        (
            {
                "accounts": [
                    {"channel": "x", "connector": "replay", "handle": "@a", "settings": {"path": "/etc/passwd"}}
                ]
            },
            "only the command",
        ),
        (
            {
                "accounts": [
                    {"channel": "x", "connector": "x", "handle": "@a", "settings": {"base_url": "https://a.test"}}
                ]
            },
            "only the command",
        ),
        ({"accounts": [{"channel": "x", "connector": "pigeon", "handle": "@a"}]}, "give one of"),
        ({"accounts": [{"channel": "x", "connector": "x", "handle": "@a", "settings": 3}]}, "settings as names"),
    ):
        answer = press(tom, given)
        assert said in answer.notice, (given, answer.notice)
        assert answer.body == ""
    with database.read() as db:
        assert db.scalar(select(func.count()).where(AuditEvent.action == "import")) == 0


def test_a_file_leaves_only_with_a_fresh_sign_in_and_on_the_record(database, tom, ann, clock):
    assert "secret" not in str(file_of(tom)).lower()
    assert ann.get("/admin-configuration?workspace=north").status_code == 403
    with database.read() as db:
        assert db.scalars(select(AuditEvent.object).where(AuditEvent.action == "export")).all() == ["configuration"]
    clock.on(FRESH_FOR * 1.1)
    assert tom.get("/admin-configuration?workspace=north").headers["Location"].startswith("/prove?")
    tom.tab = "configuration"
    assert "Give your password again" in tom.press("configuration.show").notice
