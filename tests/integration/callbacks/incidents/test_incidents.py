"""The pages of incidents: opened, described, closed; METHANE from cited messages; one reply to all, taken back."""

import json

import pytest
from sqlalchemy import select

from data.desk import claim
from data.incidents import open_incident
from data.queries.incidents import incidents
from models.conversation import Message
from models.incidents import KEYS, Incident
from models.outbox import Outgoing
from models.permissions import Permission
from tests.panel import callback, run
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor

REGIONS = (
    "incident-head",
    "incident-members",
    "incident-said",
    "incident-reports",
    "incident-answers",
    "incident-decisions",
)


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


@pytest.fixture
def conversations(database, north):
    return [add_conversation(database, north, text=f"Fire {number}") for number in range(3)]


@pytest.fixture
def fire(database, sue, conversations):
    return open_incident(database, sue, "Canal Street fire", "482", conversations, NOW)


@pytest.fixture
def boss(server, sue):
    visitor = Visitor(server)
    visitor.sign_in("sue")
    return visitor.open("/queue?workspace=north")


def at(key):
    return {"url.pathname": f"/incidents/{key}" if key else "/incidents"}


def refresh(visitor, key, **signs):
    values = at(key) | {f"{name}.data-sign": look for name, look in signs.items()}
    return run(visitor, callback(visitor, output="incident-head.data-sign"), "live-queue.data", values)


def click(visitor, button, key, **values):
    entry = callback(visitor, trigger=button)
    return run(visitor, entry, f"{button}.n_clicks", at(key) | {f"{button}.n_clicks": 1} | values)


def notice(answer):
    return (answer.json.get("sideUpdate") or answer.json["response"])["notice"]["children"]


def whole(database, scope, key):
    return incidents(database, scope, key, NOW).chosen


def message_of(database, conversation):
    with database.read() as db:
        return db.scalar(select(Message.id).where(Message.conversation_id == conversation))


def cite(visitor, key, message, line="hazards"):
    button = {"type": "cite", "id": message}
    buttons = [(button, 1), *(({"type": "methane-cited", "line": one}, None) for one in KEYS)]
    name = json.dumps(button, sort_keys=True, separators=(",", ":"))
    values = at(key) | {"methane-line.value": line, "buttons": buttons}
    return run(visitor, callback(visitor, trigger="cite"), f"{name}.n_clicks", values)


def uncite(visitor, key, message, line="hazards"):
    button = {"type": "uncite", "line": line, "id": message}
    buttons = [(button, 1), *(({"type": "methane-cited", "line": one}, None) for one in KEYS)]
    name = json.dumps(button, sort_keys=True, separators=(",", ":"))
    return run(visitor, callback(visitor, trigger="uncite"), f"{name}.n_clicks", at(key) | {"buttons": buttons})


def typed(texts):
    return [({"type": "methane-text", "line": key}, text) for key, text in zip(KEYS, texts, strict=True)]


def test_the_list_says_what_goes_on_and_one_is_opened_from_it(database, ann, boss, fire):
    entry = callback(boss, output="incidents-list.children")
    text = run(boss, entry, "live-queue.data", at(None)).text
    for words in ("Canal Street fire", "482", "unconfirmed", "goes on"):
        assert words in text
    assert run(boss, entry, "live-queue.data", at(fire)).status_code == 204
    assert run(boss, entry, "live-queue.data", {"url.pathname": "/queue"}).status_code == 204
    values = {"incident-new-name.value": "Flood", "incident-new-reference.value": "12"}
    answer = click(boss, "incident-open", None, **values).json["response"]
    assert answer["url"] == dict.fromkeys(answer["url"], "/incidents/2")
    assert run(boss, callback(boss, trigger="incident-open"), "incident-open.n_clicks", at(None)).status_code == 204
    assert (
        run(ann.open("/queue?workspace=north"), callback(ann, trigger="incident-open"), "x.n_clicks", {}).status_code
        == 403
    )


def test_regions_are_drawn_again_only_where_they_look_otherwise(boss, fire):
    first = refresh(boss, fire).json["response"]
    assert all("children" in first[name] for name in REGIONS)
    signs = {name: first[name]["data-sign"] for name in REGIONS}
    again = refresh(boss, fire, **signs).json["response"]
    assert not [name for name in REGIONS if "children" in again[name]]
    assert refresh(boss, None).status_code == 204


def test_it_is_described_closed_and_opened_again(database, sue, boss, fire):
    facts = {"incident-name.value": "Fire", "incident-reference.value": "483", "incident-veracity.value": "false"}
    assert notice(click(boss, "incident-describe", fire, **facts)) == "Kept."
    assert whole(database, sue, fire).row.mark.veracity == "false"
    assert notice(click(boss, "incident-describe", fire, **facts | {"incident-name.value": ""})).startswith("Name: ")
    closed = click(boss, "incident-close", fire).json["response"]
    assert closed["incident-close"]["children"] == "Open it again"
    assert not whole(database, sue, fire).row.mark.open
    assert click(boss, "incident-close", fire).json["response"]["incident-close"]["children"] == "Close the incident"
    for button in ("incident-describe", "incident-close"):
        assert run(boss, callback(boss, trigger=button), f"{button}.n_clicks", at(fire)).status_code == 204
    assert click(boss, "incident-close", None).status_code == 204


def test_a_report_is_composed_from_cited_messages_and_kept(database, sue, boss, conversations, fire):
    first, second = (message_of(database, key) for key in conversations[:2])
    told = cite(boss, fire, first).text
    assert "Take off" in told
    cite(boss, fire, second)
    cite(boss, fire, second, line="no such line")
    uncite(boss, fire, first)
    texts = typed(["", "Canal Street", "", "gas bottles", "", 7, ""])
    values = at(fire) | {"methane-major.value": "standby", "buttons": texts}
    entry = callback(boss, output="methane-saved")
    assert "Kept as a draft" in run(boss, entry, "methane-major.value", values).text
    kept = click(boss, "methane-keep", fire, **{"methane-major.value": "standby", "buttons": texts})
    assert notice(kept).startswith("Version 1 is kept.")
    [report] = whole(database, sue, fire).reports
    assert [one.text for one in report.lines] == ["", "Canal Street", "", "gas bottles", "", "", ""]
    assert [one.id for one in report.lines[3].evidence] == [second]
    drawn = refresh(boss, fire).text
    for words in ("M Major incident declared or standby: standby", "A Access: routes that are safe to use: not known"):
        assert words in drawn
    assert "gas bottles [23 Nov 2026, 14:30 X, public]" in drawn
    assert run(boss, callback(boss, trigger="methane-keep"), "methane-keep.n_clicks", values).status_code == 204


def test_an_empty_report_is_refused(boss, fire):
    values = {"methane-major.value": "perhaps", "buttons": typed([None] * 7)}
    assert "nothing in it is known yet" in notice(click(boss, "methane-keep", fire, **values))


def test_one_reply_to_all_and_who_needs_a_person(database, north, boss, conversations, fire):
    ben = scope_of(north, add_member(database, north, "ben", "Operator"))
    claim(database, ben, conversations[0], NOW)
    said = click(boss, "answer-send", fire, **{"answer-text.value": "Please keep away", "answer-sure.value": True})
    assert "2 replies on the way" in notice(said)
    assert "Ben is already answering" in notice(said)
    assert said.json["response"]["answer-text"]["value"] == ""
    drawn = refresh(boss, fire).text
    assert "0 of 3 sent, 2 wait, 1 need a person." in drawn
    assert "Undo all" in drawn
    batch = json.loads(drawn.split('"batch": "')[1].split('"')[0]) if '"batch": "' in drawn else batch_in(drawn)
    button = {"type": "answer-stop", "batch": str(batch)}
    entry, name = callback(boss, trigger="answer-stop"), json.dumps(button, sort_keys=True, separators=(",", ":"))
    answer = run(boss, entry, f"{name}.n_clicks", at(fire) | {"buttons": [(button, 1)]})
    assert notice(answer) == "2 replies taken back."
    with database.read() as db:
        assert set(db.scalars(select(Outgoing.state))) == {"withdrawn"}
    odd = {"type": "answer-stop", "batch": "x"}
    name = json.dumps(odd, sort_keys=True, separators=(",", ":"))
    refused = run(boss, entry, f"{name}.n_clicks", at(fire) | {"buttons": [(odd, 1)]})
    assert notice(refused).startswith("There is no such thing here")
    assert run(boss, callback(boss, trigger="answer-send"), "answer-send.n_clicks", at(fire)).status_code == 204


def batch_in(text):
    return int(text.split('"batch":"')[1].split('"')[0])


def test_nothing_is_said_to_nobody(boss, fire):
    assert notice(click(boss, "answer-send", fire, **{"answer-text.value": " "})) == "Reply: write something first."


def test_an_operator_works_on_it_and_does_not_run_it(database, ann, conversations, fire):
    desk = ann.open(f"/incidents/{fire}?workspace=north")
    message = message_of(database, conversations[0])
    assert "Take off" in cite(desk, fire, message).text
    for button in ("incident-describe", "incident-close", "answer-send"):
        assert click(desk, button, fire).status_code == 403


def test_an_auditor_reads_and_changes_nothing(database, north, server, conversations, fire):
    add_member(database, north, "eve", "Auditor")
    eve = Visitor(server)
    eve.sign_in("eve")
    text = refresh(eve.open(f"/incidents/{fire}?workspace=north"), fire).text
    assert "Fire 1" in text
    assert '"type": "cite"' not in text
    assert '"type":"cite"' not in text
    assert cite(eve, fire, 1).status_code == 403


def test_another_workspace_is_not_found(database, boss, conversations, fire):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor")
    theirs = open_incident(database, sam, "A secret", "", [add_conversation(database, south)], NOW)
    refused = "There is no such thing here, or you have no role in its workspace."
    for answer in (
        refresh(boss, theirs),
        click(boss, "incident-close", theirs),
        click(boss, "incident-describe", theirs, **{"incident-name.value": "x", "incident-veracity.value": "true"}),
        cite(boss, theirs, 1),
        click(boss, "methane-keep", theirs, **{"methane-major.value": "standby", "buttons": typed([""] * 7)}),
        click(boss, "answer-send", theirs, **{"answer-text.value": "x"}),
    ):
        assert notice(answer) == refused
        assert "A secret" not in answer.text
    with database.read() as db:
        assert db.get_one(Incident, theirs).closed is None
    assert Permission.INCIDENT
