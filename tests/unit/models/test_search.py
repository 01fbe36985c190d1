"""Questions are read forgivingly: words, beginnings of words, phrases; whatever is typed, nothing is syntax."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import Span
from models.search import (
    LONGEST,
    MOST_TERMS,
    Sought,
    Term,
    excerpt,
    match_expression,
    sought,
    spans,
    tsquery,
    words_in,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  ?! ", ()),
        ("fire", (Term(("fire",), True),)),
        ("fire station", (Term(("fire",)), Term(("station",), True))),
        ("fire* station ", (Term(("fire",), True), Term(("station",), True))),
        ("a", (Term(("a",)),)),
        ("a* b*", (Term(("a",)), Term(("b",)))),
        ('"mill road"', (Term(("mill", "road")),)),
        ('"mill road', (Term(("mill", "road"), True),)),
        ("“Mill Road” fire", (Term(("mill", "road")), Term(("fire",), True))),
        ("mill-road", (Term(("mill", "road"), True),)),
        ("ZGUBIŁAM Córkę", (Term(("zgubilam",)), Term(("corke",), True))),
        ("Ŵyl", (Term(("wyl",), True),)),
        ("پڑوس مُحَمَّد", (Term(("پڑوس",)), Term(("محمد",), True))),
        ("كهاں", (Term(("کهاں",), True),)),
    ],
)
def test_a_question_is_read(text, terms):
    assert sought(text).terms == terms


def test_a_long_question_counts_by_its_beginning():
    assert len(sought("ab " * 1000).terms) == MOST_TERMS
    assert sought("x" * 5000).terms == (Term(("x" * LONGEST,), True),)


HOSTILE = (
    '"', "''", '""""', "*", "a*b*", "NEAR(a b)", "a AND OR NOT b", "home:w2", "{home} : w2", "-a", "^a", "a + b", "(", ")",
    "a'; DROP TABLE message; --", "\\", "':*", "a & b | !c", "<->", "\x00", "a\x00b", "\ud800", "\u202eabc", "%s%n", "$1",
    ":home",     "ﷺ", "Ω≈ç√", "👩‍👩‍👧‍👦", "‌", "<script>alert(1)</script>", "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
)  # fmt: skip
"""Operators of both indexes, quotes, and strings that have broken other programs."""


@given(st.text(max_size=300) | st.sampled_from(HOSTILE))
def test_nothing_typed_is_syntax(text):
    asked = sought(text)
    assert len(asked.terms) <= MOST_TERMS
    for term in asked.terms:
        assert term.words
        assert all(word and not re.search(r"[\s'\"\\:*&|!()<>\x00-\x2f]", word) for word in term.words)
    tsquery(asked).encode()
    match_expression(asked, "w1").encode()


def test_both_indexes_are_asked_the_same():
    asked = sought('"mill road" fire st')
    assert match_expression(asked, "w7") == 'home : "w7" AND words : ("mill road" AND "fire" AND "st" *)'
    assert tsquery(asked) == "('mill' <-> 'road') & ('fire') & ('st':*)"


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("fire", "Fire! The firefighters are at the campfire.", ["Fire", "fire"]),
        ('"fire"', "Fire! The firefighters", ["Fire"]),
        ("zgubilam", "Zgubiłam córkę", ["Zgubiłam"]),
        ("محمد", "یہ مُحَمَّد ہے", ["مُحَمَّد"]),
        ("mill-road", "on Mill Road, and mill\nroads", ["Mill Road", "mill\nroad"]),
        ("cafe", "the café", ["café"]),
        ("ب", "", []),
    ],
)
def test_the_words_are_marked_where_they_stand(asked, text, found):
    assert [text[one.begin : one.end] for one in spans(sought(asked), text)] == found


@given(st.text(max_size=80), st.text(max_size=400))
def test_spans_lie_in_the_text(asked, text):
    found = spans(sought(asked), text)
    assert all(0 <= one.begin < one.end <= len(text) for one in found)
    shown, marked = excerpt(text, found)
    assert all(0 <= one.begin < one.end <= len(shown) for one in marked)
    assert "\n" not in shown


def test_an_excerpt_shows_the_first_word_found_and_says_what_is_left_out():
    text = "word " * 60 + "fire " + "word " * 60
    shown, marked = excerpt(text, spans(sought("fire"), text))
    assert shown[0] == shown[-1] == "…"
    assert [shown[one.begin : one.end] for one in marked] == ["fire"]
    assert excerpt("short fire\nhere", (Span(6, 10),)) == ("short fire here", (Span(6, 10),))
    assert excerpt("nothing", ()) == ("nothing", ())


def test_no_word_is_empty():
    assert words_in("\u0640 \u0301 a") == ["a"]
    assert Sought().patterns == ()
