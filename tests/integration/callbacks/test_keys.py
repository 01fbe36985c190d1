"""Single keys are turned off and on in the sheet: for the person, wherever they sign in, and on the record."""

from sqlalchemy import select

from data.kiosks import create_kiosk
from models.audit import COMMAND, AuditEvent
from models.people import User
from tests.panel import callback, run
from tests.rows import NOW


def switch(visitor, on):
    return run(visitor, callback(visitor, trigger="keys-single"), "keys-single.value", {"keys-single.value": on})


def events(database):
    with database.read() as db:
        return db.scalars(select(AuditEvent).where(AuditEvent.action == "prefer")).all()


def test_the_switch_is_kept_for_the_person(ann, database):
    ann.open("/queue?workspace=north")
    answer = switch(ann, False).json["response"]
    assert answer["frame"] == {"data-single-keys": "off"}
    assert answer["notice"] == {"children": "Single keys are off."}
    with database.read() as db:
        assert db.scalar(select(User.single_keys).where(User.sign_in == "ann")) is False
    [event] = events(database)
    assert (event.actor, event.before, event.after) == ("Ann", {"single_keys": True}, {"single_keys": False})
    switch(ann, False)
    assert len(events(database)) == 1
    assert switch(ann, True).json["response"]["frame"] == {"data-single-keys": "on"}


def test_what_is_no_switch_changes_nothing(ann, database):
    ann.open("/queue?workspace=north")
    assert switch(ann, "off").status_code == 204
    assert events(database) == []


def test_a_kiosk_has_no_keys(visitor, database, north):
    token = create_kiosk(database, north, "Wall", "main", NOW, COMMAND)
    visitor.client.set_cookie("watchroom_kiosk", token)
    visitor.open("/wallboard/main?workspace=north")
    assert "frame" not in (switch(visitor, True).json or {}).get("response", {})
    assert events(database) == []
