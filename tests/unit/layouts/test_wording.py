from datetime import UTC, date, datetime, timedelta

import pytest

from layouts import wording
from models.snapshots import AccountState, ThreadEvent
from models.snapshots.claims import Looking, Watcher
from tests import factories as make

NOW = make.NOW
LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-3, "<1 min"), (0.9, "<1 min"), (1, "1 min"), (47.9, "47 min"), (60, "1 h 00"), (151, "2 h 31"),
        (1439, "23 h 59"), (1440, "1 d 0 h"), (4565, "3 d 4 h"),
    ],
)  # fmt: skip
def test_an_age_has_at_most_two_units(minutes, said):
    assert wording.age(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(("seconds", "said"), [(-1, "0 s"), (2.9, "2 s"), (59, "59 s"), (60, "1 min")])
def test_a_young_age_counts_seconds(seconds, said):
    assert wording.short_age(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (184, "due in 3:04"), (0.5, "due in 0:00"), (3599, "due in 59:59"), (3600, "due in 1 h 00"),
        (0, "<1 min over"), (-1020, "17 min over"), (-9060, "2 h 31 over"),
    ],
)  # fmt: skip
def test_a_due_time_counts_down_and_then_up(seconds, said):
    assert wording.due(NOW, NOW + timedelta(seconds=seconds)) == said


def test_a_due_time_has_come_at_its_very_instant():
    assert wording.is_over(NOW, NOW)
    assert not wording.is_over(NOW, NOW + timedelta(microseconds=1))
    assert not wording.is_over(NOW, None)


@pytest.mark.parametrize(
    ("text", "figure", "unit"),
    [
        ("47 min", "47", "min"),
        ("2 h 31", "2", "h 31"),
        ("<1 min", "<1", "min"),
        ("> 2 h 00", ">2", "h 00"),
        ("–", "–", ""),
    ],
)
def test_a_length_is_split_into_figure_and_unit(text, figure, unit):
    assert wording.split(text) == (figure, unit)


def test_a_percentile_that_was_not_reached_is_said_so():
    assert wording.wait(make.wait(19)) == "19 min"
    assert wording.wait(make.wait(120, reached=False)) == "> 2 h 00"
    assert wording.wait(None) == "–"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(3, 41, "3–41 min"), (0.2, 95, "<1–95 min"), (5, 300, "<1–5 h"), (3, 3, "3 min"), (130, 400, "2–6 h")],
)
def test_a_few_waits_are_a_range_in_one_unit(low, high, said):
    found = make.first_response(shortest=timedelta(minutes=low), longest=timedelta(minutes=high))
    assert wording.spread(found) == said


def test_the_range_of_no_wait_is_a_dash():
    assert wording.spread(make.first_response(shortest=None, longest=None)) == "–"


@pytest.mark.parametrize(
    ("share", "said"), [(None, "–"), (0, "0%"), (0.001, "1%"), (0.54, "54%"), (0.999, "99%"), (1, "100%")]
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, said):
    assert wording.share(share) == said


def test_what_is_not_known_is_a_dash_and_never_nought():
    said = [wording.number(None), wording.ratio(None), wording.clock(None, LONDON), wording.moment(None, NOW, LONDON)]
    assert {*said, wording.hour_minute(None, LONDON)} == {"–"}
    assert wording.number(0) == "0"


def test_numbers_are_written_as_people_read_them():
    assert wording.number(2611) == "2,611"
    assert wording.plural(1, "message") == "1 message"
    assert wording.plural(2, "stretch", "stretches") == "2 stretches"
    assert [wording.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 22, 101)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "22nd", "101st",
    ]  # fmt: skip


@pytest.mark.parametrize(("minutes", "said"), [(5, "5 min"), (60, "1 h"), (240, "4 h"), (90, "1 h 30"), (0, "<1 min")])
def test_a_target_is_said_in_round_words(minutes, said):
    assert wording.target(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(("seconds", "said"), [(60, "60 s"), (119, "119 s"), (300, "5 min"), (3600, "1 h")])
def test_how_often_is_said_in_round_words(seconds, said):
    assert wording.every(timedelta(seconds=seconds)) == said


def test_times_are_local_also_in_winter():
    assert wording.clock(NOW, LONDON) == "14:32:05"
    assert wording.hour_minute(datetime(2026, 12, 1, 14, 32, tzinfo=UTC), LONDON) == "14:32"
    assert wording.day(date(2026, 10, 5)) == "Mon 5 Oct"


def test_a_moment_has_as_much_date_as_it_needs():
    assert wording.moment(make.ago(47), NOW, LONDON) == "13:45"
    assert wording.moment(NOW - timedelta(days=3), NOW, LONDON) == "12 Oct, 14:32"
    assert wording.moment(NOW - timedelta(days=400), NOW, LONDON) == "10 Sep 2025, 14:32"


def test_a_day_begins_at_local_midnight():
    after_midnight_here = datetime(2026, 10, 14, 23, 30, tzinfo=UTC)
    assert wording.moment(after_midnight_here, NOW, LONDON) == "00:30"


def test_a_channel_is_named_as_people_write_it():
    assert [wording.channel(key) for key in ("x", "bluesky", "threads", "")] == [
        "X",
        "Bluesky",
        "Threads",
        "unknown channel",
    ]


@pytest.mark.parametrize(
    ("tag", "said"), [("pl", "Polish"), ("ur-PK", "Urdu"), ("en-GB", ""), (None, ""), ("und", ""), ("qme", "")]
)
def test_a_language_is_named_where_it_is_not_english(tag, said):
    assert wording.language(tag) == said


@pytest.mark.parametrize(
    ("tag", "kept"), [("pl", "pl"), ("EN-gb", "en"), ("qme", None), (None, None), ('"><script', None)]
)
def test_only_languages_that_a_screen_reader_knows_are_marked(tag, kept):
    assert wording.spoken(tag) == kept


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (make.cell(AccountState.AUTH), "X refuses our credentials since 14:18. Rotate them to go on."),
        (make.cell(AccountState.AUTH, since=None), "X refuses our credentials. Rotate them to go on."),
        (make.cell(AccountState.DEAD, since=make.ago(6)), "Nobody has asked X for 6 min. Is the poller running?"),
        (make.cell(AccountState.FAILING, since=make.ago(4)), "No answer from X for 4 min."),
        (
            make.cell(AccountState.FAILING, since=make.ago(4), reason="time-out"),
            "No answer from X for 4 min. It said: time-out.",
        ),
        (make.cell(AccountState.FAILING, since=None, last_success=None), "No answer from X."),
        (make.cell(AccountState.QUIET, last_message=make.ago(432)), "X answers; nothing new for 7 h 12."),
        (make.cell(AccountState.QUIET, last_message=None), "X answers; nothing has come yet."),
        (make.cell(AccountState.LIVE), "X answered 1 min ago."),
        (make.cell(AccountState.LIVE, last_success=None), "X answers."),
    ],
)
def test_what_an_account_does_is_a_plain_sentence(cell, said):
    assert wording.account_sentence(cell, NOW, LONDON) == said


def test_every_state_of_an_account_has_words_a_shape_and_a_sentence():
    for state in AccountState:
        assert wording.STATE_WORDS[state]
        assert wording.STATE_LOOKS[state] in {"emergency", "priority", "done", "unknown"}
        assert wording.account_sentence(make.cell(state), NOW, LONDON).endswith(".") or state is AccountState.DEAD


def test_an_event_is_a_sentence():
    assert wording.event(ThreadEvent(NOW, "claim", "R. Hale")) == "R. Hale claimed it."
    assert wording.event(ThreadEvent(NOW, "grade", "a rule", (("grade", "Priority"),))) == "graded Priority by a rule."
    assert wording.event(ThreadEvent(NOW, "close", "R. Hale")) == "closed by R. Hale: not known."


def test_an_unknown_event_is_named_and_cannot_reach_into_python():
    assert wording.event(ThreadEvent(NOW, "some{who.__class__}thing", "R. Hale")) == "R. Hale: somewho.__class__thing."


def watcher(name, writing=False):
    return Watcher(name, writing)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Looking(), ""),
        (Looking((watcher("Ann"),)), "Ann is looking at this."),
        (Looking((watcher("Ann"), watcher("Bob"))), "Ann and Bob are looking at this."),
        (Looking((watcher("Ann"), watcher("Bob", True))), "Ann is looking at this. Bob is writing."),
        (Looking((watcher("Ann", True), watcher("Bob", True))), "Ann and Bob are writing."),
        (Looking(tuple(map(watcher, "ABC"))), "A, B and C are looking at this."),
        (Looking(tuple(map(watcher, "ABCDE"))), "A, B and 3 more are looking at this."),
        (
            Looking((), "Ann", False, NOW - timedelta(minutes=3), NOW + timedelta(minutes=2)),
            "Ann has done nothing here for 3 min: the claim lapses in 2 min.",
        ),
        (
            Looking((), "Ann", True, NOW - timedelta(minutes=3), NOW + timedelta(seconds=30)),
            "You have done nothing here for 3 min: your claim lapses in <1 min.",
        ),
    ],
)
def test_who_else_is_here_in_plain_words(found, said):
    assert wording.looking(found, NOW) == said


CLAIMS = (
    ("lapse", {"former": "Ann", "why": "nothing was done here for 5 min"},
     "the claim of Ann lapsed: nothing was done here for 5 min."),
    ("take over", {"former": "Ann", "reason": "I know him."}, "Sue took it over from Ann: I know him."),
    ("assign", {"to": "Night"}, "Sue assigned it to Night."),
    ("move", {"former": "Ann", "to": "Bob", "reason": "end of shift"}, "Sue moved it from Ann to Bob: end of shift."),
    ("unassign", {}, "Sue took the assignment away."),
    ("hand over", {"to": "Bob", "note": "he has a dog"}, "Sue hands it over to Bob: “he has a dog”."),
    ("accept hand-over", {"former": "Ann"}, "Sue accepted the hand-over from Ann."),
    ("decline hand-over", {"reason": "busy"}, "Sue declined the hand-over: busy."),
    ("withdraw hand-over", {}, "Sue took the hand-over back."),
    ("hand-over timed out", {"to": "Bob"}, "nobody accepted the hand-over to Bob in time."),
)  # fmt: skip


@pytest.mark.parametrize(("action", "detail", "said"), CLAIMS, ids=[one[0] for one in CLAIMS])
def test_what_happened_to_a_claim_in_plain_words(action, detail, said):
    assert wording.event(ThreadEvent(NOW, action, "Sue", tuple(detail.items()))) == said


@pytest.mark.parametrize(
    ("action", "detail", "said"),
    [
        ("snooze", {"until": "2026-10-14T15:00:00+00:00"}, "R. Hale snoozed it until 16:00."),
        ("snooze", {"until": "2026-10-15T07:00:00+00:00"}, "R. Hale snoozed it until 15 Oct, 08:00."),
        ("partner", {"partner": "Highways"}, "R. Hale left it to a partner: Highways."),
        ("wake", {}, "it woke: the time it was snoozed for is over."),
        ("resume", {}, "R. Hale opened it again."),
        ("undo", {"undone": "close"}, "R. Hale took back the closing."),
        ("undo", {"undone": "something"}, "R. Hale took back something."),
        ("close", {"outcome": "answered", "reason": "All safe"}, "closed by R. Hale: answered: All safe."),
        ("assess", {"grade": "Priority"}, "R. Hale assessed it as Priority."),
    ],
)
def test_what_people_do_at_the_desk_is_said_in_plain_words(action, detail, said):
    one = ThreadEvent(datetime(2026, 10, 14, 12, tzinfo=UTC), action, "R. Hale", tuple(detail.items()))
    assert wording.event(one, datetime(2026, 10, 14, 12, tzinfo=UTC), "Europe/London") == said
