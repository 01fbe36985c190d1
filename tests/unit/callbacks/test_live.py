"""What each audience is sent: never a contact, and a chart only when it shows something else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callbacks.live import frame_makers
from layouts.boards import hours, main, response
from tests.factories import hours_board, inbound, response_board, wallboard

CHARTS = {"main": main.Ids.INBOUND_CHART, "hours": hours.Ids.CHART, "response": response.Ids.CHART}


class Boards:
    """Gives the boards it is set to."""

    def __init__(self):
        self.boards = {"main": wallboard(), "hours": hours_board(), "response": response_board(), "major": None}

    def take(self, name, _workspace_id):
        return self.boards[name]


@pytest.fixture
def boards():
    return Boards()


@pytest.fixture
def makers(boards):
    return frame_makers(boards)


def strings(part):
    if isinstance(part, dict):
        return [text for one in part.values() for text in strings(one)]
    if isinstance(part, list | tuple):
        return [text for one in part for text in strings(one)]
    return [part] if isinstance(part, str) else []


@pytest.mark.parametrize("name", CHARTS)
def test_a_board_is_sent_its_tiles_and_its_chart(makers, boards, name):
    frame = makers[name](1)
    assert frame.revision == boards.boards[name].revision
    assert frame.tiles[CHARTS[name]]["figure"]["data"]
    assert set(frame.regions) == {f"{'inbound' if name == 'main' else name}-table", "major"}


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_sent_without_a_themes_colours(makers, name):
    chart = makers[name](1).tiles[CHARTS[name]]["figure"]
    assert any(text.startswith("ink:") for text in strings(chart))
    assert not any(text.startswith("#") for text in strings(chart))


def test_time_that_passes_does_not_draw_the_chart_again_within_minutes(makers, boards):
    before = makers["main"](1)
    boards.boards["main"] = replace(wallboard(), as_at=wallboard().as_at + timedelta(seconds=5))
    after = makers["main"](1)
    assert after.tiles[CHARTS["main"]]["figure"] is before.tiles[CHARTS["main"]]["figure"]
    assert after.regions == before.regions
    assert after.tiles != before.tiles


def test_after_some_minutes_the_mark_for_now_has_moved(makers, boards):
    before = makers["main"](1)
    boards.boards["main"] = replace(wallboard(), as_at=wallboard().as_at + timedelta(minutes=5))
    assert makers["main"](1).tiles[CHARTS["main"]] != before.tiles[CHARTS["main"]]


def test_a_message_draws_the_chart_again(makers, boards):
    before = makers["main"](1)
    *earlier, last = inbound().hours
    more = replace(last, counts=(last.counts[0] + 1, *last.counts[1:]))
    boards.boards["main"] = replace(wallboard(), inbound=replace(inbound(), hours=(*earlier, more)))
    after = makers["main"](1)
    assert after.tiles[CHARTS["main"]] != before.tiles[CHARTS["main"]]
    assert after.regions != before.regions


def test_two_workspaces_keep_charts_of_their_own(makers, boards):
    first = makers["main"](1)
    boards.boards["main"] = replace(wallboard(), inbound=replace(inbound(), hours=inbound().hours[1:]))
    second = makers["main"](2)
    boards.boards["main"] = wallboard()
    assert makers["main"](1).tiles[CHARTS["main"]] == first.tiles[CHARTS["main"]] != second.tiles[CHARTS["main"]]
