"""Where all the experts are: signed on and off, skills kept by a supervisor, nothing of another workspace."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data.experts import drop_skill, keep_skill, sign_off, sign_on
from data.queries.experts import experts
from models.audit import AuditEvent
from models.experts import Duty, Skill
from models.problems import NotFound, NotPermitted
from tests.panel import callback, run
from tests.rows import NOW, add_member, add_workspace, scope_of
from tests.visits import Visitor

PAGE = {"url.pathname": "/experts"}
TODAY = NOW.date()


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


def click(visitor, button, **values):
    entry = callback(visitor, trigger=button)
    return run(visitor, entry, f"{button}.n_clicks", PAGE | {f"{button}.n_clicks": 1} | values)


def press(visitor, kind, key):
    entry = callback(visitor, trigger=kind)
    name = f'{{"id":{key},"type":"{kind}"}}.n_clicks'
    return run(visitor, entry, name, PAGE | {"buttons": [({"type": kind, "id": key}, 1)]})


def test_a_speaker_of_arabic_is_found_on_duty(server, database, north, ann, sue):
    boss = Visitor(server)
    boss.sign_in("sue")
    boss.open("/experts?workspace=north")
    ann.open("/experts?workspace=north")
    facts = {"experts-who.value": "1", "experts-word.value": "arabic speaker", "experts-until.value": "2027-03-31"}
    assert "The skill is kept" in click(boss, "experts-keep", **facts).text
    assert "Colleague: choose one" in click(boss, "experts-keep", **facts | {"experts-who.value": "unchosen"}).text
    assert click(ann, "experts-keep", **facts).status_code == 403
    search = "&skill=Arabic+speaker&duty=on"
    entry = callback(boss, output="experts-body")
    assert "Nobody found" in run(boss, entry, "live-queue.data", PAGE, query=search).text
    assert run(boss, entry, "live-queue.data", {"url.pathname": "/queue"}).status_code == 204
    assert "You are on duty" in click(ann, "experts-on").text
    assert "Ann" in run(boss, entry, "live-queue.data", PAGE, query=search).text
    assert press(ann, "duty-off", sue.user_id).status_code == 200
    assert "Off duty" in press(boss, "duty-off", 1).text
    assert "The skill is taken off" in press(boss, "skill-drop", 1).text
    with database.read() as db:
        assert [one.ended for one in db.scalars(select(Duty))] == [NOW]
        assert list(db.scalars(select(Skill))) == []
        told = db.scalars(select(AuditEvent.action).where(AuditEvent.object == "user").order_by(AuditEvent.id))
        assert [one for one in told if "." in one] == ["skill.keep", "duty.on", "duty.off", "skill.drop"]


def test_an_accreditation_that_ran_out_is_offered_to_nobody(database, north, sue):
    keep_skill(database, sue, sue.user_id, "Diver", TODAY, NOW)
    keep_skill(database, sue, sue.user_id, "Diver", TODAY, NOW)
    sign_on(database, sue, NOW)
    sign_on(database, sue, NOW)
    assert [one.name for one in experts(database, sue, "Diver", True, NOW).rows] == ["Sue"]
    later = experts(database, sue, "Diver", False, NOW + timedelta(days=1))
    assert (later.rows, later.words) == ((), (("Diver", 0, 0),))
    keep_skill(database, sue, sue.user_id, "diver", date(2030, 1, 1), NOW)
    assert experts(database, sue, "Diver", False, NOW + timedelta(days=1)).words == (("Diver", 1, 1),)


def test_what_may_not_be_is_refused(database, north, sue):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor", "south")
    bob = scope_of(north, add_member(database, north, "bob", "Operator"))
    keep_skill(database, sue, sue.user_id, "Diver", None, NOW)
    sign_on(database, sue, NOW)
    for act, problem in (
        (lambda: keep_skill(database, sue, sam.user_id, "Diver", None, NOW), NotFound),
        (lambda: keep_skill(database, bob, bob.user_id, "Diver", None, NOW), NotPermitted),
        (lambda: drop_skill(database, sam, 1, NOW), NotFound),
        (lambda: sign_off(database, bob, sue.user_id, NOW), NotPermitted),
    ):
        with pytest.raises(problem):
            act()
    sign_off(database, sam, sue.user_id, NOW)
    assert experts(database, sue, "", True, NOW).rows[0].name == "Sue"
    assert experts(database, sam, "Diver", False, NOW).rows == ()
