"""Decisions under the six headings: on a conversation and an incident, corrected only by a later entry, gone when erased."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, IntegrityError

from data import decisions
from data.decisions import About, decide, decisions_of
from data.incidents import open_incident
from data.subject_access import access_pack
from models.audit import COMMAND, AuditEvent
from models.conversation import Conversation
from models.decisions import KEYS
from models.problems import BadValue, NotFound, NotPermitted
from tests.panel import callback, open_form, refresh, run, submit
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


def test_it_is_written_on_a_conversation_and_corrected_by_a_later_entry(database, north, ann):
    key = add_conversation(database, north)
    ann.open("/queue?workspace=north")
    assert "Powers and policy" in open_form(ann, "decide", key).text
    assert "at least one heading" in submit(ann, "decide", key, corrects="new").text
    assert "Decision 1 is kept" in submit(ann, "decide", key, threat="Crowd growing", corrects="new").text
    assert "Decision 2 is kept" in submit(ann, "decide", key, threat="Crowd leaving", corrects="1").text
    assert "corrected it already" in submit(ann, "decide", key, threat="Third", corrects="1").text
    drawn = refresh(ann, query=f"&c={key}").text
    assert "Crowd leaving" in drawn and "corrected by decision 2" in drawn
    with database.read() as db:
        told = list(db.scalars(select(AuditEvent).where(AuditEvent.action == "decision")))
        contact = db.get_one(Conversation, key).contact_id
    assert [(one.object, one.object_id, one.after["corrects"]) for one in told] == [
        ("conversation", key, None),
        ("conversation", key, 1),
    ]
    assert "Crowd" not in str([one.after for one in told])
    pack = access_pack(database, north, contact, NOW, COMMAND)
    assert [one["answers"]["threat"] for one in pack["decisions"]] == ["Crowd growing", "Crowd leaving"]


def test_it_is_written_on_an_incident_from_its_page(database, north, ann, sue):
    fire = open_incident(database, sue, "Canal Street fire", "", [], NOW)
    ann.open(f"/incidents/{fire}?workspace=north")
    values = {"url.pathname": f"/incidents/{fire}", "incident-decide.n_clicks": 1}
    values |= {"incident-decision-corrects.value": "new"}
    values |= {f"incident-decision-{key}.value": f"said of {key}" for key in KEYS}
    answer = run(ann, callback(ann, trigger="incident-decide"), "incident-decide.n_clicks", values)
    assert "Decision 1 is kept" in answer.text
    page = ann.get("/_dash-layout", Referer=f"http://localhost/incidents/{fire}?workspace=north").text
    assert "said of powers" in page and "Code of Ethics" in page


def test_a_decision_that_is_corrected_twice_would_be_seen(database, north, sue, monkeypatch):
    """The planted fault: what is corrected is not looked at.

    The database alone refuses a second correction, but not one that stands on another thread, where no reader sees it.
    """
    about, other = About(add_conversation(database, north)), About(add_conversation(database, north))
    entry = decide(database, sue, about, {"threat": "Crowd"}, None, NOW)
    newest = decide(database, sue, about, {"threat": "Crowd leaving"}, entry, NOW)
    with pytest.raises(BadValue, match="correct the newest one"):
        decide(database, sue, about, {"threat": "Third"}, entry, NOW)
    with pytest.raises(NotFound):
        decide(database, sue, other, {"threat": "Third"}, newest, NOW)
    monkeypatch.setattr(decisions, "_must_stand", lambda *_: None)
    with pytest.raises(IntegrityError):
        decide(database, sue, about, {"threat": "Third"}, entry, NOW)
    astray = decide(database, sue, other, {"threat": "Third"}, newest, NOW)
    with database.read() as db:
        shown = decisions_of(db, north, [about.conversation_id])
        assert [(one.id, one.corrected) for one in shown] == [(entry, newest), (newest, None)]
        assert [one.id for one in decisions_of(db, north, [other.conversation_id])] == [astray]


def test_what_may_not_be_is_refused_and_no_entry_changes(database, north, sue):
    key, other = add_conversation(database, north), add_conversation(database, north)
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor", "south")
    eve = scope_of(north, add_member(database, north, "eve", "Auditor"), "Auditor")
    about, said = About(conversation_id=key), {"threat": "Crowd"}
    entry = decide(database, sue, about, said, None, NOW)
    for act, problem in (
        (lambda: decide(database, sam, about, said, None, NOW), NotFound),
        (lambda: decide(database, eve, about, said, None, NOW), NotPermitted),
        (lambda: decide(database, sue, About(conversation_id=other), said, entry, NOW), NotFound),
        (lambda: decide(database, sue, About(incident_id=99), said, None, NOW), NotFound),
        (lambda: decide(database, sue, about, {"threat": "x" * 10_000_000}, None, NOW), BadValue),
    ):
        with pytest.raises(problem):
            act()
    with database.read() as db:
        assert decisions_of(db, south, [key], None) == ()
        assert decisions_of(db, north, [other]) == (), "those of a thread stand in that thread alone"
        assert [one.id for one in decisions_of(db, north, [key])] == [entry]
    with pytest.raises(DatabaseError, match="without its audit event"), database.write() as db:
        db.connection().exec_driver_sql("UPDATE decision SET answers = '{}'")
