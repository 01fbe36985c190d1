"""Words in disguise are read; what only looks like one is left alone."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.disguises import disguised, readings
from models.words import Reading, Words, join


def found(text, *words, none=()):
    """The stretches of a text that words of a rule find, as they were written."""
    rule, reading = Words(words, none), Reading(text)
    left = rule.settle(reading, rule.find(reading))
    return None if left is None else [reading.folded.text[begin:end] for begin, end in join(left)]


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("he has a kn1fe", "knife", "kn1fe"),
        ("he has a kn!fe!", "knife", "kn!fe"),
        ("a KN1F3 here", "knife", "kn1f3"),
        ("k-n-i-f-e", "knife", "k-n-i-f-e"),
        ("k.n.i.f.e now", "knife", "k.n.i.f.e"),
        ("a k n i f e here", "knife", "k n i f e"),
        ("heeeelllp", "help", "heeeelllp"),
        ("killlled", "killed", "killlled"),
        ("k1ll him", "kill", "k1ll"),
        ("he has $tabbed me", "stabbed", "$tabbed"),
        ("a b0mb", "bomb*", "b0mb"),
        ("he came with a kn1fe", "with a knife", "with a kn1fe"),
        ("héééélp", "help", "heeeelp"),
    ],
)
def test_a_word_in_disguise_is_found_where_it_stands(text, word, written):
    assert found(text, word)[0].endswith(written)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I am uncomfortable", "for"),
        ("see you on the M25 at 5pm", "mas"),
        ("book for 4 at 10 am", "boat"),
        ("a-b-c-d", "abc"),
        ("the 1st and 2nd", "ist"),
        ("@kn1fe_shop is open", "knife"),
        ("https://example.org/kn1fe", "knife"),
        ("0800 5551", "boss"),
        ("so good", "soo"),
    ],
)
def test_what_only_looks_like_a_word_is_left_alone(text, word):
    assert found(text, word) is None


def test_a_disguise_is_barred_by_the_same_words():
    assert found("a kn1fe and fork", "knife", none=("knife and fork",)) is None
    assert found("i am not in d4nger", "danger", none=("not in danger",)) is None


def test_a_word_that_is_plain_has_no_other_reading():
    assert readings("knife") == set()
    assert list(disguised("he has a knife, and a fork")) == []


@pytest.mark.parametrize(
    "text", ["k1" * 50_000, "a-" * 50_000, "a" * 100_000, "kn1fe " * 16_000, "a b " * 25_000, "aaab" * 9]
)
def test_hostile_texts_take_no_time(text):
    begun = perf_counter()
    found(text, "kn*", "knife near/5 k*e")
    assert perf_counter() - begun < 5


@given(st.text(alphabet="k1n-i4 fe!$@a"))
def test_every_reading_stands_in_the_text(text):
    for word, begin, end in disguised(text):
        assert word.isalpha()
        assert 0 <= begin < end <= len(text)
