"""The row under an operator's focus never moves or vanishes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.posts import Kind
from models.queue_order import Left, PlacedRow, in_order, keep_place, why_left
from models.snapshots import GradeMark, QueueRow

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def row(key, *, line="hello", holder=None, mine=False, since=AT):
    return QueueRow(
        id=key,
        grade=GradeMark("standard", "Standard", 3, "standard"),
        channel="x",
        account="@north",
        kind=Kind.PUBLIC,
        contact="Ann",
        first_line=line,
        since=since,
        due=None,
        holder=holder,
        mine=mine,
        flags=(),
        language=None,
        media=False,
        contacts=1,
    )


def test_new_rows_are_counted_and_held_back():
    rows, new = keep_place([2, 1], [row(3), row(1), row(2), row(4)], {})
    assert [placed.row.id for placed in rows] == [2, 1]
    assert new == 2


def test_a_row_that_changed_is_updated_where_it_stands():
    rows, new = keep_place([1, 2], [row(2, line="now this"), row(1)], {})
    assert rows == (PlacedRow(row(1)), PlacedRow(row(2, line="now this")))
    assert new == 0


def test_what_a_colleague_took_says_so_where_it_stood():
    rows, _ = keep_place([1, 2], [row(2)], {1: row(1, holder="R. Hale")})
    assert rows[0] == PlacedRow(row(1, holder="R. Hale"), Left.TAKEN)


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        (row(1, holder="R. Hale"), Left.TAKEN),
        (row(1, holder="R. Hale", since=None), Left.TAKEN),
        (row(1, since=None), Left.ANSWERED),
        (row(1, holder="me", mine=True, since=None), Left.ANSWERED),
        (row(1), Left.MOVED),
        (row(1, holder="me", mine=True), Left.MOVED),
    ],
)
def test_why_a_row_left(gone, why):
    assert why_left(gone) is why


def test_an_id_that_nobody_knows_is_dropped():
    assert keep_place([7, 1], [row(1)], {}) == ((PlacedRow(row(1)),), 0)


def test_without_a_hold_the_rows_stand_as_they_come():
    assert in_order([row(2), row(1)]) == (PlacedRow(row(2)), PlacedRow(row(1)))


@given(
    shown=st.lists(st.integers(1, 30)),
    fresh=st.lists(st.integers(1, 30), unique=True),
    gone=st.sets(st.integers(1, 30)),
)
def test_no_shown_row_moves_and_none_is_counted_twice(shown, fresh, gone):
    rows, new = keep_place(shown, [row(key) for key in fresh], {key: row(key) for key in gone})
    placed = [found.row.id for found in rows]
    order = list(dict.fromkeys(shown))
    assert placed == [key for key in order if key in fresh or key in gone]
    assert new == len(set(fresh) - set(order))
    assert all((found.left is None) == (found.row.id in fresh) for found in rows)
