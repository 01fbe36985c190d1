from hypothesis import given
from hypothesis import strategies as st

from layouts.components.message import highlighted
from models.folding import Span


def flat(pieces):
    return [piece if isinstance(piece, str) else [piece.children] for piece in pieces]


def test_matched_words_are_cut_out_and_marked():
    assert flat(highlighted("a knife here", [Span(2, 7)])) == ["a ", ["knife"], " here"]


def test_overlapping_spans_mark_each_letter_once():
    assert flat(highlighted("abcdef", [Span(1, 4), Span(2, 5), Span(1, 4)])) == ["a", ["bcd"], ["e"], "f"]


def test_a_span_outside_the_text_is_ignored():
    assert flat(highlighted("abc", [Span(2, 99), Span(50, 60)])) == ["ab", ["c"]]


@given(
    st.text(st.characters(exclude_categories=["Cf", "Cs"])), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)))
)
def test_marking_never_loses_or_adds_a_letter(text, pairs):
    pieces = flat(highlighted(text, [Span(*pair) for pair in pairs]))
    assert "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces) == text
