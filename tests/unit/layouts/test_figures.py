import json
from dataclasses import replace
from datetime import timedelta

import pytest

from layouts import figures, palette
from models.snapshots import InboundHour, Period
from tests import factories as make

LONDON = "Europe/London"


def inbound(found=None, theme="dark"):
    return figures.inbound(found or make.inbound(), make.NOW, LONDON, theme)


def named(figure, name):
    return next(trace for trace in figure["data"] if trace["name"] == name)


@pytest.mark.parametrize(
    ("highest", "end", "step"),
    [(1, 2, 1), (4, 4, 1), (33, 40, 10), (37, 40, 10), (8, 8, 2), (81, 100, 50), (2600, 3000, 1000)],
)
def test_an_axis_ends_at_a_round_number(highest, end, step):
    assert figures.ceiling(highest) == (end, step)


def test_bars_stand_on_each_other_and_sum_to_the_hour():
    figure = inbound()
    top = named(figure, "Bluesky")
    assert [low + count for low, count in zip(top["base"], top["y"], strict=True)] == list(make.VOLUMES)
    assert named(figure, "X")["base"] == [0] * 24


def test_each_channel_has_its_fixed_colour_whatever_is_shown():
    only = replace(make.inbound(), channels=("bluesky",), hours=(InboundHour(make.NOW, (3,), None),))
    assert named(inbound(only), "Bluesky")["marker"]["color"] == palette.THEMES["dark"]["channel-bluesky"]
    assert named(inbound(), "Bluesky")["marker"]["color"] == palette.THEMES["dark"]["channel-bluesky"]
    assert named(inbound(theme="light"), "X")["marker"]["color"] == palette.THEMES["light"]["channel-x"]


def test_out_of_hours_is_shaded_and_named():
    figure = inbound()
    shade = figure["layout"]["shapes"][0]
    assert (shade["type"], shade["x0"], shade["x1"]) == ("rect", 2.5, 16.5)
    assert shade["fillcolor"] == palette.THEMES["dark"]["band"]
    assert "out of hours" in [one["text"] for one in figure["layout"]["annotations"]]


def test_a_window_that_began_before_the_chart_is_cut_at_its_edge():
    early = Period(make.NOW - timedelta(days=3), make.inbound().hours[1].begins)
    shade = inbound(make.inbound(out_of_hours=(early,)))["layout"]["shapes"][0]
    assert (shade["x0"], shade["x1"]) == (-0.5, 0.5)


def test_now_is_marked_inside_the_open_hour():
    line = next(shape for shape in inbound()["layout"]["shapes"] if shape["type"] == "line")
    assert 22.5 < line["x0"] < 23.5


def test_a_gap_is_hatched_over_the_whole_height():
    gap = named(inbound(), "no data")
    assert gap["marker"]["pattern"]["shape"] == "/"
    assert (gap["x"], gap["width"]) == ([11.5], [2.0])
    assert gap["y"] == [inbound()["layout"]["yaxis"]["range"][1]]


def test_no_usual_is_a_break_in_the_line_and_never_nought():
    hours = tuple(replace(hour, usual=None) for hour in make.inbound().hours)
    trace = named(inbound(make.inbound(hours=hours)), "usual")
    assert set(trace["y"]) == {None}
    assert trace["connectgaps"] is False


def test_the_highest_bar_carries_its_number():
    assert "<b>33</b>" in [one["text"] for one in inbound()["layout"]["annotations"]]


def test_the_hour_that_comes_twice_is_drawn_twice():
    """25 October 2026: 01:00 to 02:00 local time comes again."""
    begins = make.NOW.replace(day=24, hour=23, minute=0, second=0)
    hours = tuple(InboundHour(begins + timedelta(hours=n), (n, 0, 0, 0), None) for n in range(5))
    figure = figures.inbound(make.inbound(hours=hours, out_of_hours=(), gaps=()), hours[4].begins, LONDON)
    said = named(figure, "X")["customdata"]
    assert [text[:5] for text in said] == ["00:00", "01:00", "01:00", "02:00", "03:00"]


def test_no_hour_at_all_is_an_empty_chart():
    assert inbound(make.inbound(hours=()))["data"] == []


def test_days_of_hours_have_labels_and_unknown_ones_are_hatched():
    figure = figures.hours(make.hours_board())
    shares = named(figure, "out of hours")
    assert shares["y"][11] is None
    assert shares["text"][11] == ""
    assert named(figure, "no data")["x"] == [11]
    assert shares["marker"]["pattern"]["shape"][-1] == "/"
    assert named(figure, "rate ratio")["y"][3] is None


def test_days_of_response_show_points_where_there_are_few():
    figure = figures.response(make.response_board())
    assert named(figure, "median")["y"][3] is None
    assert named(figure, "single waits")["x"] == [3, 3, 3, 3, 10, 10, 10, 10]
    assert named(figure, "p90")["marker"]["symbol"][4] == "triangle-up"
    assert named(figure, "median")["marker"]["symbol"][-1] == "circle-open"
    assert "median 6 min" in [one["text"] for one in figure["layout"]["annotations"]]


def test_days_without_anything_are_an_empty_chart():
    assert figures.hours(make.hours_board(days=()))["data"] == []
    assert figures.response(make.response_board(days=()))["data"] == []


def test_of_many_days_only_the_mondays_are_named():
    days = make.hours_board().days
    many = tuple(replace(days[0], day=days[0].day + timedelta(days=n)) for n in range(28))
    axis = figures.hours(make.hours_board(days=many))["layout"]["xaxis"]
    assert axis["ticktext"] == ["Mon 5 Oct", "Mon 12 Oct", "Mon 19 Oct", "Mon 26 Oct"]


@pytest.mark.parametrize("theme", palette.THEMES)
def test_every_figure_is_plain_json_of_bars_and_lines(theme):
    for figure in (
        inbound(theme=theme),
        figures.hours(make.hours_board(), theme),
        figures.response(make.response_board(), theme),
    ):
        assert {trace["type"] for trace in figure["data"]} <= {"bar", "scatter"}
        assert len(json.dumps(figure)) < 12_000
