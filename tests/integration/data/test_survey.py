"""The survey: asked once of anybody, answered once, and nothing leads from an answer to a person."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import survey
from data.assessing import assess
from data.database import Database
from data.lockdowns import begin_lockdown
from data.queries.reports.survey import survey_report
from data.states import close
from data.survey import ask_ready, asks, forget, set_ways, take_answer
from data.undoing import undo
from models.conversation import Message, Turn
from models.outbox import Outgoing
from models.problems import BadValue, NotFound, NotPermitted
from models.reporting import CUSTOM, ReportFilters
from models.survey import TEXT, SurveyAsked, SurveyCount, SurveyDue, Surveyed, SurveyLink
from models.workspace import Outcome
from tests.outbox import Desk
from tests.rows import add_workspace, open_database, scope_of

SITE = "https://wr.example"


class Asking(Desk):
    """A desk with the survey on. ``close`` closes a conversation, ``ask`` lets five minutes pass."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.boss = self.colleague("boss", "Administrator")
        self.sue = self.colleague("sue", "Supervisor")
        set_ways(database, self.boss, True, TEXT, self.clock())

    def close(self, key=None, grade="standard", left_out=False):
        key = key or self.conversation
        said = self.one(select(Message.id).where(Message.conversation_id == key).order_by(Message.id).limit(1))
        assess(self.database, self.sue, key, grade, {}, said, self.clock())
        outcome = self.one(select(Outcome.id).where(Outcome.left_out.is_(left_out)).order_by(Outcome.id).limit(1))
        return close(self.database, self.sue, key, outcome, self.clock(), "Helped")[1]

    def ask(self, **how_long):
        self.clock.pass_by(**(how_long or {"minutes": 5}))
        ask_ready(self.database, self.clock, SITE)
        return [found.group(1) for one in self.all(select(Outgoing.text)) if (found := re.search(r"/s/(\S+)", one))]

    def report(self):
        today = self.clock().date()
        return survey_report(self.database, self.sue, ReportFilters(CUSTOM, today, today), self.clock()).total

    def number(self, entity):
        return self.one(select(func.count()).select_from(entity))


@pytest.fixture
def desk(database_url):
    opened = open_database(database_url)
    yield Asking(opened)
    opened.close()


def test_a_closed_conversation_is_asked_in_once_and_one_tap_is_counted_once(desk):
    desk.close()
    assert desk.ask(minutes=4) == []
    (token,) = desk.ask(minutes=1)
    assert desk.ask() == [token]
    desk.clock.pass_by(seconds=10)
    turns = desk.all(select(Turn.replied))
    assert desk.send() == "sent"
    sent = desk.all(select(Message).where(Message.text.contains("/s/")))
    assert [one.automatic for one in sent] == [True]
    assert desk.all(select(Turn.replied)) == turns, "the question answers no turn"
    for _ in range(3):
        assert asks(desk.database, token, desk.clock()) == "North"
    assert desk.report() == Surveyed(closed=1, asked=1), "opening the link votes for nothing"
    with pytest.raises(BadValue):
        take_answer(desk.database, token, "maybe", desk.clock())
    take_answer(desk.database, token, "call", desk.clock())
    with pytest.raises(NotFound):
        take_answer(desk.database, token, "no", desk.clock())
    assert asks(desk.database, token, desk.clock()) is None
    assert desk.report() == Surveyed(closed=1, asked=1, call=1)
    assert desk.number(SurveyLink) == 0, "nothing is left that leads from the answer to the message that held the link"
    assert desk.number(SurveyAsked) == 1


def test_asking_the_same_person_twice_would_be_seen(desk, monkeypatch):
    """The planted fault: the digest never says the same twice."""
    event = desk.close()
    assert len(desk.ask()) == 1
    undo(desk.database, desk.sue, event, desk.clock())
    event = desk.close()
    assert len(desk.ask()) == 1, "closed again: the same person is not asked again"
    assert desk.report() == Surveyed(closed=2, asked=1)
    undo(desk.database, desk.sue, event, desk.clock())
    numbers = iter(range(9))
    monkeypatch.setattr(survey.Change, "digest", lambda *_: str(next(numbers)))
    desk.close()
    assert len(desk.ask()) == 2


def test_nobody_is_asked_where_it_would_be_wrong(desk):
    event = desk.close()
    undo(desk.database, desk.sue, event, desk.clock())
    assert desk.ask() == [], "taken back"
    undo(desk.database, desk.sue, desk.close(left_out=True), desk.clock())
    undo(desk.database, desk.sue, desk.close(grade="emergency"), desk.clock())
    assert desk.number(SurveyDue) == 0
    desk.close()
    set_ways(desk.database, desk.boss, False, TEXT, desk.clock())
    assert desk.ask() == [], "turned off"
    assert desk.report() == Surveyed()


def test_a_lockdown_holds_the_question_back(desk):
    desk.close()
    assert len(desk.ask()) == 1
    begin_lockdown(desk.database, desk.boss, None, timedelta(hours=1), "Election", desk.clock())
    desk.clock.pass_by(minutes=1)
    assert desk.send() is None


def test_a_link_is_over_after_two_weeks_and_counts_stay(desk):
    desk.close()
    (token,) = desk.ask()
    desk.clock.pass_by(days=14)
    assert asks(desk.database, token, desk.clock()) is None
    with pytest.raises(NotFound):
        take_answer(desk.database, token, "no", desk.clock())
    forget(desk.database, desk.clock)
    assert desk.number(SurveyLink) == 0
    assert desk.number(SurveyCount) == 2


def test_only_administrators_set_it_and_another_workspace_sees_nothing(desk):
    with pytest.raises(NotPermitted):
        set_ways(desk.database, desk.ann, True, TEXT, desk.clock())
    desk.close()
    desk.ask()
    other = scope_of(add_workspace(desk.database, "south"), desk.sue.user_id, "Supervisor", "south")
    today = desk.clock().date()
    found = survey_report(desk.database, other, ReportFilters(CUSTOM, today, today), desk.clock())
    assert found.total == Surveyed()
