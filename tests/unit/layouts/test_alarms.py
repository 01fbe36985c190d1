"""How alarms are said: what happened and where, and never a word of what anybody wrote."""

from datetime import UTC, datetime, timedelta

from layouts import alarms as layout
from models.snapshots import GradeMark
from models.snapshots.alarms import AlarmBudget, AlarmRow, AlarmsPage, Calling
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

NOW = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
EMERGENCY = GradeMark("emergency", "Emergency", 1, "emergency")


def row(key=1, kind="breached", **facts):
    values = {
        "grade": None, "account": "@north", "channel": "x", "team": "", "conversation_id": 7, "words": "", "count": 1,
        "raised": NOW, "latest": NOW, "step": "team", **facts,
    }  # fmt: skip
    return AlarmRow(key, kind, **values)


def calling(*rows):
    return Calling(make.NORTHSHIRE, NOW, rows, acknowledges=True)


def page(**facts):
    return AlarmsPage(make.NORTHSHIRE, NOW, 1, **{"open": (), "over": (), "acknowledges": True, **facts})


def test_an_alarm_says_what_happened():
    assert layout.sentence(row()) == "A conversation has waited past its target"
    assert layout.sentence(row(count=40)) == "40 conversations have waited past their target"
    assert layout.sentence(row(kind="rule", words="Knives")) == "A rule calls you: Knives"
    assert layout.sentence(row(kind="failing", count=2)) == "This account cannot be read (2 times)"


def test_the_notice_shows_the_most_urgent_and_one_key_takes_it():
    assert layout.notice(calling()) == []
    found = layout.notice(calling(*(row(key, grade=EMERGENCY) for key in range(1, 6))))
    assert drawn(found).count('"data-key": "!"') == 1
    assert "and 4 more" in texts(found)
    assert "data-alarm-calls" in drawn(found)


def test_the_list_says_who_has_it_and_who_is_called():
    still = " ".join(texts(layout.page(page(open=(row(step="supervisor", calls=True),), over=(
        row(2, acknowledged=NOW, by="Ann"), row(3, cleared=NOW))))))  # fmt: skip
    for words in ("calls the supervisor and you", "acknowledged it", "by itself", "Acknowledge all"):
        assert words in still
    empty = " ".join(texts(layout.page(page())))
    assert "No alarm is open" in empty
    assert "Acknowledge all" not in empty
    assert "Acknowledge" not in texts(layout.body(page(open=(row(),), acknowledges=False)))


def test_the_key_takes_any_open_row_and_stands_at_the_first():
    found = page(open=(row(1), row(2)), over=(row(3, cleared=NOW),))
    drawn_ = drawn(layout.body(found))
    assert drawn_.count('"data-key": "!"') == 2
    assert texts(layout.body(found)).count("!") == 1


def test_the_supervisor_sees_what_alarms_cost_and_how_late_they_were():
    cost = AlarmBudget(12, 2, 11, 6.0, 10, 30, timedelta(milliseconds=240), timedelta(minutes=2))
    said = " ".join(texts(layout.body(page(budget=cost))))
    for words in ("6.0", "12 alarms to 2 operators", "11, over the budget of 10", "0.2 s", "worst 2 min", "n 30"):
        assert words in said
    nobody = texts(layout.body(page(budget=AlarmBudget(0, 0, 0, None, 10))))
    assert "–" in nobody


def test_only_who_is_called_as_an_expert_can_answer():
    mine = row(kind="expert", words="Diver", ask_id=4, expert="Ann", calls=True)
    said = drawn(layout.notice(calling(mine)))
    assert said.count("expert-answer") == 2 and said.count('"data-key": "!"') == 1
    other = row(kind="expert", words="Diver", ask_id=4, expert="Ann")
    text = " ".join(texts(layout.page(page(open=(other,)))))
    assert "Ann is called as an expert: Diver" in text and "I will" not in text
    both = drawn(layout.body(page(open=(other, row()))))
    assert both.count("Kbd") == drawn(layout.body(page(open=(row(),)))).count("Kbd") == 1, (
        "the key stands where it acts"
    )
    assert layout.sentence(row(kind="expert", cleared=NOW)) == "An expert was called"
