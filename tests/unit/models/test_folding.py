import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.folding import Span, blank_signs, fold

ANYTHING = st.text(st.characters(codec=None) | st.sampled_from("\0\ud800ﬁŵİıﷺ\u200d\u0301🔥👩🏽é"), max_size=40)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("KNIFE", "knife"),
        ("Tŷ ar dân, Llŷn, ŵyr", "ty ar dan, llyn, wyr"),
        ("Łódź, proszę", "lodz, prosze"),
        ("BIÇAK bıçak İstanbul ISPARTA", "bicak bicak istanbul isparta"),
        ("Straße, smørrebrød, cœur", "strasse, smorrebrod, coeur"),
        ("ﬁre o\ufb03ce", "fire office"),
        ("kn\u200bif\u00ade\ufeff", "knife"),
        ("can’t, can`t, canʼt", "can't, can't, can't"),
        ("self‑harm – self—harm", "self-harm - self-harm"),
        ("𝐤𝐧𝐢𝐟𝐞 ｋｎｉｆｅ", "knife knife"),
        ("٩٩٩ ۹۹۹", "999 999"),
        ("پوليس كہاں", "پولیس کهاں"),
        ("👩🏽‍🚒❤️", "👩🚒❤"),
        ("हिन्दी", "हिनदी"),
    ],
)
def test_what_people_write_in_different_ways_is_read_the_same(written, read):
    assert fold(written).text == read


def test_a_backtick_is_an_apostrophe_in_plain_text_too():
    assert fold("can`t").text == "can't"


@pytest.mark.parametrize(
    ("written", "word", "shown"),
    [
        ("the ﬁre", "fire", "ﬁre"),
        ("a cafe\u0301 here", "cafe", "cafe\u0301"),
        ("👩‍👩‍👧 tân!", "tan", "tân"),
        ("İn the DÂN", "dan", "DÂN"),
        ("ﷺ چاقو", "چاقو", "چاقو"),
        ("kn\u200bife", "knife", "kn\u200bife"),
        ("plain knife", "knife", "knife"),
    ],
)
def test_a_place_in_the_folded_text_is_shown_on_the_original(written, word, shown):
    folded = fold(written)
    begin = folded.text.index(word)
    span = folded.span(begin, begin + len(word))
    assert written[span.begin : span.end] == shown


def test_half_a_ligature_is_shown_as_the_whole_letter():
    assert fold("oﬃce").span(1, 2) == Span(1, 2)


@settings(max_examples=25)
@given(ANYTHING)
def test_folding_takes_any_text_and_folding_again_changes_nothing(text):
    once = fold(text)
    assert once.original == text
    assert fold(once.text).text == once.text


@settings(max_examples=25)
@given(ANYTHING, ANYTHING)
def test_folding_one_text_after_another_is_folding_both(one, other):
    assert fold(one + other).text == fold(one).text + fold(other).text


@settings(max_examples=25)
@given(ANYTHING, st.data())
def test_every_span_folds_to_a_text_that_holds_its_place(text, data):
    folded = fold(text)
    if not folded.text:
        return
    begin = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(begin + 1, len(folded.text)))
    span = folded.span(begin, end)
    assert 0 <= span.begin < span.end <= len(text)
    assert folded.text[begin:end] in fold(text[span.begin : span.end]).text


@settings(max_examples=25)
@given(ANYTHING)
def test_blanking_signs_keeps_letters_figures_and_the_length(text):
    folded = fold(text).text
    blanked = blank_signs(folded)
    assert len(blanked) == len(folded)
    assert all(new in (old, " ") for old, new in zip(folded, blanked, strict=True))
    assert all(new == old for old, new in zip(folded, blanked, strict=True) if unicodedata.category(old)[0] in "LMN")


def test_text_that_uses_every_character_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("models.folding._MOST_KEPT", 0)
    assert fold("\U0002f800Ωmega").text == "丽ωmega"
    assert blank_signs("\U0002f803,") == "\U0002f803 "
