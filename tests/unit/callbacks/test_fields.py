"""What a form sent is looked at before anything rests on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.fields import Fields, key_of, text_of
from models.problems import BadValue, NotFound

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["a", "p:", "p:1", "p:x", "p:\0", "p:\ud800"])


@given(ANYTHING | st.dictionaries(NAMES, ANYTHING))
def test_whatever_was_sent_is_a_value_that_can_be_stored_or_is_refused_in_words(sent):
    fields = Fields(sent)
    for read in (fields.text, fields.secret, fields.starting, fields.flag, fields.day, fields.ticked, fields.chosen):
        for name in ("a", "p", "p:1"):
            try:
                found = read(name)
            except (BadValue, NotFound) as problem:
                assert_storable(str(problem))
                continue
            for text in texts(found):
                assert_storable(text)


def texts(found):
    if isinstance(found, dict):
        return [*found, *found.values()]
    return [found] if isinstance(found, str) else []


def assert_storable(text):
    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize("strange", ["pass\0word", "pass\ud800word", "\udfff"])
def test_a_secret_that_no_database_keeps_is_refused_with_the_words_of_its_field(strange):
    with pytest.raises(BadValue, match="it holds characters that cannot be stored"):
        Fields({"pass_word": strange}).secret("pass_word")
    for sent in ({"credential:token": strange}, {f"credential:{strange}": "x"}):
        with pytest.raises(BadValue, match="credential"):
            Fields(sent).starting("credential")


def test_a_secret_stays_as_it_was_typed():
    assert Fields({"password": " dŵr 🚒 "}).secret("password") == " dŵr 🚒 "
    assert Fields({"credential:token": "x "}).starting("credential") == {"token": "x "}
    assert Fields({"password": 7}).secret("password") == ""


@pytest.mark.parametrize("sent", [["x"], {"a": 1}, True, "x" * 400_001])
def test_what_is_no_text_is_refused(sent):
    with pytest.raises(BadValue):
        text_of(sent, "name")


@pytest.mark.parametrize(("sent", "text"), [(None, ""), (" a name ", "a name"), (7, "7")])
def test_a_text_is_given_without_outer_blanks(sent, text):
    assert text_of(sent, "name") == text


@pytest.mark.parametrize("sent", [12, "12"])
def test_a_key_is_a_number_or_its_digits(sent):
    assert key_of(sent) == 12


@pytest.mark.parametrize("sent", ["", "x", "-1", -1, True, None, 1.5, "²", "٣", 10**19, "\0", [1], {}])
def test_what_is_no_key_finds_nothing(sent):
    with pytest.raises(NotFound):
        key_of(sent)
