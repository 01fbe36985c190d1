"""Alarms on the page: they call whom they should, one press acknowledges, and supervisors see what they cost."""

import json

import pytest

from data.alarms import raise_alarm
from data.audit import change
from data.queries.alarms import called_by_alarms
from models.alarms import AlarmKind, Cause
from models.audit import COMMAND
from tests.panel import callback, press, run
from tests.rows import NOW, add_member, scope_of


@pytest.fixture
def alarm(database, north):
    with change(database, north, COMMAND, NOW) as c:
        found = raise_alarm(c, Cause(AlarmKind.RULE, "k", NOW, words="Knives"))
        c.state("rule", "alarm", found)
    return found


def notice(visitor):
    entry = callback(visitor, output="alarm.children")
    answer = run(visitor, entry, "live-alarms.data", {})
    return json.dumps(answer.json["response"])


def listed(visitor):
    entry = callback(visitor, output="alarms-body.children")
    return run(visitor, entry, "live-alarms.data", {"url.pathname": "/alarms"}).text


def test_an_alarm_calls_until_it_is_acknowledged(database, north, ann, alarm):
    desk = ann.open("/alarms?workspace=north")
    for where in (notice(desk), listed(desk)):
        assert "A rule calls you: Knives" in where
    me = scope_of(north, 1)
    assert called_by_alarms(database, me, NOW) == 1
    press(desk, {"type": "alarm-calling", "id": alarm})
    assert called_by_alarms(database, me, NOW) == 0
    assert "Knives" not in notice(desk)
    assert "acknowledged it" in listed(desk)


def test_all_are_acknowledged_at_once(database, north, ann, alarm):
    desk = ann.open("/alarms?workspace=north")
    entry = callback(desk, trigger="alarms-all")
    assert run(desk, entry, "alarms-all.n_clicks", {}).status_code == 204
    run(desk, entry, "alarms-all.n_clicks", {"alarms-all.n_clicks": 1})
    assert called_by_alarms(database, scope_of(north, 1), NOW) == 0


def test_only_supervisors_see_the_tiles_and_only_who_reads_is_called(database, north, ann, alarm):
    from data.queries.alarms import alarms

    boss = scope_of(north, add_member(database, north, "boss", "Supervisor"), "Supervisor")
    assert alarms(database, boss, NOW).budget.raised == 1
    assert alarms(database, scope_of(north, 1), NOW).budget is None
    assert called_by_alarms(database, scope_of(north, 1, "Administrator"), NOW) == 0
    assert called_by_alarms(database, scope_of(north, 1, "Auditor"), NOW) == 0
