"""The past on the screen: an unmistakable banner, nothing that counts on, every link in its minute."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from plotly.utils import PlotlyJSONEncoder

from layouts import past
from models.snapshots import PastMark, PastQueue, PastWall, QueueFilters, WorkspaceMark
from tests import factories

AT = datetime(2026, 10, 14, 21, 16, 40, tzinfo=UTC)
NOW = AT + timedelta(minutes=30)
MARK = PastMark(AT, True, True, AT - timedelta(days=1))
PLACE = WorkspaceMark("north", "North", "Europe/London")


def text_of(part):
    return json.dumps(part, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_the_wall_says_which_minute_it_is_and_nothing_counts_on():
    board = replace(factories.wallboard(), as_at=AT)
    said = text_of(past.wall(PastWall(board, MARK), NOW, "dark"))
    assert "As at 22:16 on Wednesday 14 October 2026" in said
    assert "Its figures equal those noted at 22:16:40." in said
    assert '"text": "then"' in said
    assert '"text": "now"' not in said
    assert "Inbound messages by hour" in said, "the table is there at once"
    for name in past.COUNTING:
        assert f'"{name}"' not in said


def test_the_queue_keeps_its_minute_in_every_link_and_rows_lead_to_their_trail():
    queue = replace(factories.queue(), as_at=AT)
    said = text_of(past.queue(PastQueue(queue, replace(MARK, same=None)), NOW))
    row = queue.rows[0].id
    assert f"/trail/{row}?workspace={queue.workspace.slug}" in said
    assert f"/queue?workspace={queue.workspace.slug}&view=mine&at=2026-10-14T21%3A16Z" in said
    assert "Drawn from the record of 22:16:40." in said
    for name in past.COUNTING:
        assert f'"{name}"' not in said
    empty = text_of(past.queue(PastQueue(replace(queue, rows=(), filters=QueueFilters()), MARK), NOW))
    assert "Nothing stood in this view at that time." in empty


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (replace(MARK, same=False), "DIFFER from those noted at 22:16:40"),
        (replace(MARK, noted=False, same=None), "Drawn from the record alone"),
    ],
)
def test_it_says_what_the_figures_rest_on(mark, words):
    assert words in past.said(mark, "Europe/London")


def test_minutes_that_have_not_come_are_not_offered():
    said = text_of(past.banner(PLACE, MARK, NOW, past.WALL, "Wallboard"))
    assert "1 hour back" in said
    assert "10 minutes on" in said
    assert "1 hour on" not in said
    assert "/wallboard/main?workspace=north&at=2026-10-14T21%3A17Z" in said
    assert '"/wallboard/main?workspace=north"' in said


def test_an_instant_of_which_nothing_was_kept_says_so():
    assert "was not kept" in text_of(past.unknown(PLACE, AT, NOW, past.QUEUE))
