"""The banner of a major incident: put up by a supervisor with their word that it is meant, on every screen, and cleared."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from callbacks.live import frame_makers
from data import majors
from data.incidents import close_incident, open_incident
from data.kiosks import create_kiosk
from data.majors import major_now, put_up, take_down
from models.audit import COMMAND, AuditEvent
from models.incidents import Incident
from models.major import MajorIncident
from models.problems import BadValue, IncidentClosed, NotFound, NotPermitted
from tests.panel import callback, run
from tests.rows import NOW, add_member, add_workspace, scope_of
from tests.visits import Visitor

WORDS = {
    "major-summary.value": "Smoke over the ward",
    "major-joint.value": "Stay indoors.",
    "major-certain.value": True,
}


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


@pytest.fixture
def fire(database, sue):
    return open_incident(database, sue, "Canal Street fire", "482", [], NOW)


def press(visitor, button, key, **values):
    entry = callback(visitor, trigger=button)
    values = {"url.pathname": f"/incidents/{key}", f"{button}.n_clicks": 1} | values
    return run(visitor, entry, f"{button}.n_clicks", values)


def rows(database):
    with database.read() as db:
        return list(db.scalars(select(MajorIncident).order_by(MajorIncident.id)))


def test_a_supervisor_puts_it_on_every_screen_and_takes_it_down(server, database, north, ann, sue, fire):
    boss, wall = Visitor(server), Visitor(server)
    boss.sign_in("sue")
    boss.open(f"/incidents/{fire}?workspace=north")
    wall.open(f"/kiosk/{create_kiosk(database, north, 'Wall', 'main', NOW, COMMAND)}")
    makers = frame_makers(server.extensions["watchroom"].pictures)
    quiet = {name: make(north).regions["major"] for name, make in makers.items()}
    unsure = press(boss, "major-put-up", fire, **WORDS | {"major-certain.value": False})
    assert "tick the box" in unsure.text and rows(database) == []
    assert "stands on every screen" in press(boss, "major-put-up", fire, **WORDS).text
    assert all(make(north).regions["major"] != quiet[name] for name, make in makers.items())
    for visitor, path in ((ann.open("/queue?workspace=north"), "/queue"), (wall, "/wallboard/main")):
        entry = callback(visitor, trigger="live-major")
        assert "Stay indoors." in run(visitor, entry, "live-major.data", {"url.pathname": path}).text
    layout = ann.get("/_dash-layout", Referer="http://localhost/accounts?workspace=north")
    assert "Smoke over the ward" in layout.text
    assert press(ann, "major-put-up", fire, **WORDS).status_code == 403
    again = press(boss, "major-put-up", fire, **WORDS | {"major-joint.value": "Windows shut."})
    assert "stands on every screen" in again.text
    first, second = rows(database)
    assert (first.ended, second.begun, second.lines) == (NOW, first.begun, "Windows shut.")
    assert "gone from every screen" in press(boss, "major-take-down", fire, **{"major-certain.value": True}).text
    entry = callback(ann, trigger="live-major")
    assert "MAJOR" not in run(ann, entry, "live-major.data", {"url.pathname": "/queue"}).text
    with database.read() as db:
        told = list(
            db.scalars(select(AuditEvent).where(AuditEvent.action.startswith("major.")).order_by(AuditEvent.id))
        )
    assert [one.action for one in told] == ["major.declare", "major.word", "major.clear"]
    assert "Stay indoors." not in str([one.after for one in told])


def test_a_banner_of_another_workspace_would_be_seen(database, north, sue, fire, monkeypatch):
    """The planted faults: nobody looks whose incident, and then whose banner, it is.

    Without the look a stranger is told what stands elsewhere, or the keys of the database fail in their face.
    """
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor", "south")
    put_up(database, sue, fire, "Smoke", "", True, NOW)
    assert major_now(database, south, NOW) is None
    assert major_now(database, north, NOW).summary == "Smoke"
    with pytest.raises(NotFound):
        put_up(database, sam, fire, "Not theirs", "", True, NOW)
    monkeypatch.setattr(majors, "_incident", lambda c, key: c.db.get_one(Incident, key))
    with pytest.raises(IntegrityError):
        put_up(database, sam, fire, "Not theirs", "", True, NOW)
    monkeypatch.setattr(majors, "_standing", lambda c: c.db.scalar(select(MajorIncident)))
    with pytest.raises(IntegrityError):
        take_down(database, sam, fire, True, NOW)
    [row] = rows(database)
    assert (row.summary, row.ended) == ("Smoke", None)


def test_what_may_not_be_is_refused_and_changes_nothing(database, north, sue, fire):
    other = open_incident(database, sue, "Flood", "", [], NOW)
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor", "south")
    bob = scope_of(north, add_member(database, north, "bob", "Operator"))
    put_up(database, sue, fire, "Smoke", "", True, NOW)
    for act, problem in (
        (lambda: put_up(database, sue, other, "Flood", "", True, NOW), BadValue),
        (lambda: put_up(database, sam, fire, "x", "", True, NOW), NotFound),
        (lambda: put_up(database, bob, fire, "x", "", True, NOW), NotPermitted),
        (lambda: take_down(database, sam, fire, True, NOW), NotFound),
        (lambda: take_down(database, sue, other, True, NOW), BadValue),
        (lambda: take_down(database, sue, fire, False, NOW), BadValue),
    ):
        with pytest.raises(problem):
            act()
    put_up(database, sue, fire, "Smoke", "", True, NOW)
    assert [row.ended for row in rows(database)] == [None]
    take_down(database, sue, fire, True, NOW)
    close_incident(database, sue, fire, NOW)
    with pytest.raises(IncidentClosed):
        put_up(database, sue, fire, "Smoke", "", True, NOW)
