import json
from dataclasses import replace

import pytest
from dash.development.base_component import Component

from layouts import wallboard
from layouts.boards.main import (
    CELL_SLOTS,
    GRADE_SLOTS,
    Ids,
    cell_slot,
    oldest_slot,
    surge_sentence,
    tiles,
    waiting_slot,
    within_slot,
)
from models.snapshots import AccountStrip, GradeCount, GradeMark
from tests import factories as make


def said(board, part, prop="children"):
    return tiles(board)[part][prop]


def parts(component):
    """Every component of a tree that has an id."""
    found = [component] if isinstance(component, Component) else []
    return {one.id: one for one in [*found, *component._traverse()] if getattr(one, "id", None)}


def test_the_most_overdue_is_the_headline_with_its_public_wait():
    board = make.wallboard()
    assert [said(board, part) for part in (Ids.OVERDUE_FIGURE, Ids.OVERDUE_UNIT)] == ["47", "min"]
    assert said(board, Ids.OVERDUE_GRADE) == "Priority, on Facebook"
    assert said(board, Ids.OVERDUE_DUE) == "17 min over"
    assert said(board, Ids.OVERDUE_DUE, "data-over") == "true"
    assert said(board, Ids.OVERDUE_TARGET) == "target 30 min"
    assert said(board, Ids.OVERDUE, "className").endswith("is-over")


def test_a_wait_that_is_not_due_yet_is_no_alarm():
    board = make.wallboard(most_overdue=make.overdue(due=make.NOW + make.minutes(4)))
    assert said(board, Ids.OVERDUE_DUE) == "due in 4:00"
    assert said(board, Ids.OVERDUE_DUE, "data-over") == "false"
    assert "is-over" not in said(board, Ids.OVERDUE, "className")


def test_the_ticker_goes_on_counting_from_the_wait_itself():
    board = make.wallboard()
    began = make.overdue().started.isoformat()
    assert said(board, Ids.OVERDUE_FIGURE, "data-since") == said(board, Ids.OVERDUE_UNIT, "data-since") == began
    assert said(board, Ids.OVERDUE_DUE, "data-due") == make.overdue().due.isoformat()


def test_when_nobody_waits_the_board_says_so_and_nothing_ticks_on():
    board = make.wallboard(most_overdue=None)
    assert said(board, Ids.OVERDUE_GRADE) == "Nobody is waiting"
    assert said(board, Ids.OVERDUE_SHAPE, "className") == "shape shape-done"
    assert said(board, Ids.OVERDUE_FIGURE, "data-since") is None
    assert said(board, Ids.OVERDUE_DUE, "data-due") is None


def test_waiting_is_counted_by_grade_with_shape_and_word():
    board = make.wallboard()
    assert said(board, Ids.WAITING_FIGURE) == "16"
    lines = [[said(board, waiting_slot(slot, part)) for part in ("count", "word")] for slot in range(3)]
    assert lines == [["1", "emergency"], ["4", "priority"], ["11", "standard"]]
    assert said(board, waiting_slot(0, "shape"), "className") == "shape shape-emergency"
    assert "is-empty" in said(board, waiting_slot(3, "line"), "className")


def test_the_longest_wait_of_each_grade_stands_below_the_headline():
    board = make.wallboard()
    assert [said(board, oldest_slot(slot, "age")) for slot in range(3)] == ["2 min", "47 min", "2 h 31"]
    none = make.wallboard(waiting=(GradeCount(make.EMERGENCY, 0, None),))
    assert "is-empty" in said(none, oldest_slot(0, "line"), "className")
    assert said(none, oldest_slot(0, "age"), "data-since") is None


def test_a_grade_with_an_unknown_look_is_drawn_as_unknown():
    odd = GradeMark("odd", "Odd", 1, "glitter")
    board = make.wallboard(waiting=(GradeCount(odd, 1, make.ago(1)),))
    assert said(board, waiting_slot(0, "shape"), "className") == "shape shape-unknown"


def test_first_response_has_median_ninety_per_cent_n_and_the_unanswered():
    board = make.wallboard()
    assert [said(board, part) for part in (Ids.FIRST_FIGURE, Ids.FIRST_UNIT)] == ["6", "min median"]
    assert said(board, Ids.FIRST_LINE) == "90% in 19 min"
    assert said(board, Ids.FIRST_OPEN) == "2 open"
    assert said(board, Ids.FIRST_CAPTION) == "24 h, n 143, as at 14:32"


def test_a_percentile_that_was_not_reached_is_only_a_bound():
    found = make.first_response(median=make.wait(80, reached=False), p90=make.wait(120, reached=False))
    board = make.wallboard(first_response=found)
    assert [said(board, part) for part in (Ids.FIRST_FIGURE, Ids.FIRST_UNIT)] == [">1", "h 20 median"]
    assert said(board, Ids.FIRST_LINE) == "90% in > 2 h 00"


def test_below_twenty_turns_there_is_a_range_and_no_percentile():
    found = make.first_response(n=12, median=None, p90=None, shortest=make.minutes(3), longest=make.minutes(41))
    board = make.wallboard(first_response=found)
    assert [said(board, part) for part in (Ids.FIRST_FIGURE, Ids.FIRST_UNIT)] == ["3–41", "min"]
    assert said(board, Ids.FIRST_LINE) == "range, n < 20"


def test_within_target_has_its_aim_and_a_share_by_grade():
    board = make.wallboard()
    assert [said(board, part) for part in (Ids.WITHIN_FIGURE, Ids.WITHIN_UNIT)] == ["91", "%"]
    assert [said(board, within_slot(slot, "share")) for slot in range(3)] == ["100%", "93%", "90%"]
    assert "aim 90%" in said(board, Ids.WITHIN_CAPTION)
    assert "is-under" not in said(board, Ids.WITHIN, "className")


def test_under_the_aim_is_said_in_words_not_only_in_colour():
    board = make.wallboard(within_target=make.within_target(share=0.82))
    assert said(board, Ids.WITHIN_UNIT) == "% under aim"
    assert "is-under" in said(board, Ids.WITHIN, "className")


def test_out_of_hours_has_its_rate_ratio():
    board = make.wallboard()
    assert [said(board, part) for part in (Ids.HOURS_FIGURE, Ids.HOURS_UNIT)] == ["54", "%"]
    assert [said(board, part) for part in (Ids.HOURS_LINE, Ids.HOURS_RATIO)] == ["rate ratio", "0.50"]


def test_what_is_not_known_is_a_dash_and_never_nought():
    board = make.unknown_wallboard()
    for part in (Ids.FIRST_FIGURE, Ids.WITHIN_FIGURE, Ids.HOURS_FIGURE):
        assert said(board, part) == "–"
    for part in (Ids.FIRST_UNIT, Ids.WITHIN_UNIT, Ids.HOURS_UNIT):
        assert said(board, part) == ""
    assert {said(board, within_slot(slot, "share")) for slot in range(3)} == {"–"}


def test_the_account_strip_shows_state_in_words_and_how_long():
    board = make.wallboard()
    cells = [
        "".join(said(board, cell_slot(slot, part)) for part in ("words", "age", "tail")) for slot in range(CELL_SLOTS)
    ]
    assert cells == ["no access 14 min", "no answer 4 min", "quiet for 7 h 12", "live, 1 min ago"]
    assert said(board, cell_slot(0, "cell"), "title").startswith("X refuses our credentials")
    assert [said(board, part) for part in (Ids.OTHERS_FIGURE, Ids.OTHERS_WORDS)] == ["2 more", "all well"]


def test_a_cell_without_an_account_is_empty_and_stops_ticking():
    board = make.wallboard(accounts=AccountStrip((), 0, True))
    assert said(board, cell_slot(0, "cell"), "className") == "cell is-empty"
    assert said(board, cell_slot(0, "age"), "data-since") is None
    assert said(board, Ids.OTHERS, "className").endswith("is-empty")


def test_the_others_are_not_called_well_when_they_are_not():
    strip = replace(make.strip(), others_well=False)
    assert said(make.wallboard(accounts=strip), Ids.OTHERS_WORDS) == "not all well"


@pytest.mark.parametrize("board", [make.wallboard(), make.unknown_wallboard()], ids=["full", "unknown"])
def test_every_pushed_part_is_on_the_page_and_says_the_same_there(board):
    drawn = parts(wallboard.page(board))
    for part, props in tiles(board).items():
        shown = drawn[part].to_plotly_json()["props"]
        assert {name: shown.get(name) for name in props} == props


@pytest.mark.parametrize("board", [make.wallboard(), make.unknown_wallboard(), make.wallboard(most_overdue=None)])
def test_the_same_parts_are_pushed_whatever_is_known(board):
    every = tiles(make.wallboard())
    assert {part: set(props) for part, props in tiles(board).items()} == {
        part: set(props) for part, props in every.items()
    }


def test_what_is_pushed_is_text_and_never_a_component():
    for props in tiles(make.wallboard()).values():
        assert all(value is None or isinstance(value, str) for value in props.values())
    json.dumps(tiles(make.wallboard()))


def test_every_tile_has_its_meaning_one_click_away():
    drawn = json.dumps(wallboard.page(make.wallboard()).to_plotly_json(), default=lambda one: one.to_plotly_json())
    assert drawn.count('"definition"') == 6
    assert "Calendar version 3." in drawn


def test_a_board_without_a_calendar_says_so():
    drawn = json.dumps(
        wallboard.page(make.unknown_wallboard()).to_plotly_json(), default=lambda one: one.to_plotly_json()
    )
    assert "No calendar is set, so every hour counts as open." in drawn


def test_the_chart_has_a_sentence_and_a_table_with_dashes_in_its_gap():
    board = make.wallboard()
    assert said(board, Ids.INBOUND_SENTENCE).startswith("376 messages in the last 24 hours; 391 is usual.")
    rows = wallboard.inbound_table(board).children[2].children
    assert len(rows) == 24
    assert [cell.children for cell in rows[0].children] == ["15:00", "9", "6", "2", "1", "18", "20"]
    assert {cell.children for cell in rows[11].children[1:6]} == {"–"}


def test_an_empty_day_is_said_in_words():
    assert said(make.unknown_wallboard(), Ids.INBOUND_SENTENCE) == "No message came in the last 24 hours."


def test_the_number_of_slots_covers_the_shipped_scheme():
    assert len(make.GRADES) <= GRADE_SLOTS


@pytest.mark.parametrize(
    ("changes", "said", "line"),
    [
        (
            {},
            "At this rate the queue breaches at 15:10 with 2 people.",
            "4.2 expected; queue breaches 15:10 with 2 people",
        ),
        ({"people": 0}, "breaches at 15:10 with nobody on the desk.", "queue breaches 15:10 with nobody on the desk"),
        ({"breach": None}, "4.2 expected. 2 people keep up at this rate.", "43 in 15 min, 4.2 expected"),
        ({"breach": None, "people": 1}, "1 person keeps up at this rate.", "43 in 15 min, 4.2 expected"),
        ({"forecast": False, "breach": None, "expected": 0.2}, "say when the queue breaches.", "min, under 1 expected"),
    ],
)
def test_a_surge_is_one_line_above_the_chart(changes, said, line):
    found = make.surge(**changes)
    drawn = tiles(make.wallboard(surge=found))[Ids.SURGE]
    assert drawn["children"].startswith("SURGE since 14:23: 43 in 15 min") and drawn["children"].endswith(line)
    assert surge_sentence(found, "Europe/London").endswith(said)
    assert tiles(make.wallboard())[Ids.SURGE]["className"] == "wall-surge is-empty"
