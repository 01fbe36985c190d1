"""Filters of the queue in the address bar: what makes no sense means any, and what is said comes back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.addresses import LARGEST
from models.filters import FIELDS, ME, NOBODY, VIEWS, WHEN, filters_from, narrows, to_query
from models.snapshots import QueueFilters

ANY = QueueFilters()


def test_an_address_without_fields_means_what_needs_an_answer():
    assert filters_from({}) == QueueFilters("needs", "", None, "", 1)


def test_every_field_is_read():
    given_ = {"view": "soon", "channel": "x", "account": "7", "grade": "priority", "page": "3", "workspace": "north"}
    assert filters_from(given_) == QueueFilters("soon", "x", 7, "priority", 3)


@pytest.mark.parametrize("view", [key for key, _ in VIEWS])
def test_every_view_can_be_asked_for(view):
    assert filters_from({"view": view}).view == view


@pytest.mark.parametrize("wrong", ["", "everything", "NEEDS", None, 3, [], ["no such view"], "n" * 1000])
def test_a_view_that_does_not_exist_is_the_first_one(wrong):
    assert filters_from({"view": wrong}).view == "needs"


@pytest.mark.parametrize(
    "wrong", ["", "0", "-1", "1.5", "one", "１", "²", "1e3", None, [], {}, str(2**63), "9" * 5000, 0]
)
def test_a_number_that_makes_no_sense_is_any(wrong):
    assert filters_from({"account": wrong, "page": wrong}) == ANY


def test_the_largest_key_is_a_key():
    assert filters_from({"account": str(LARGEST)}).account == LARGEST


def test_of_a_repeated_field_the_first_counts():
    assert filters_from({"view": ["mine", "soon"], "account": ["4"]}) == QueueFilters(view="mine", account=4)


def test_what_is_at_its_default_stays_out_of_the_address():
    assert to_query(ANY) == {}
    assert to_query(QueueFilters("mine", "x", 4, "standard", 2)) == {
        "view": "mine",
        "channel": "x",
        "account": "4",
        "grade": "standard",
        "page": "2",
    }


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64).filter(
    lambda text: text == text.strip()
)
numbers = st.integers(1, LARGEST)


searches = st.text(st.characters(exclude_categories=["Cs"]), max_size=64).map(str.lstrip)


@given(
    st.builds(
        QueueFilters,
        st.sampled_from([key for key, _ in VIEWS]),
        words,
        st.none() | numbers,
        words,
        numbers,
        words=searches,
        when=st.sampled_from(["", *(key for key, _ in WHEN)]),
        holder=st.sampled_from(["", ME, NOBODY]) | numbers.map(str),
        team=st.none() | numbers,
        topic=st.none() | numbers,
        flag=words,
    )
)
def test_filters_survive_the_address(filters):
    assert filters_from(to_query(filters)) == filters


@pytest.mark.parametrize("wrong", ["yesterday", "0", "-1", "somebody", None, []])
def test_a_time_or_a_holder_that_makes_no_sense_is_any(wrong):
    assert filters_from({"when": wrong, "holder": wrong}) == ANY


def test_a_search_ends_as_it_was_typed_and_is_read_up_to_a_length():
    assert filters_from({"q": ["  fire st "]}).words == "fire st "
    assert filters_from({"q": "x" * 5000 + "\ud800"}).words == "x" * 200
    assert filters_from({"q": "\ud800"}).words == "?"
    assert filters_from({"q": None}).words == ""


def test_a_view_and_a_search_leave_nothing_out():
    assert not narrows(QueueFilters(view="mine", page=4, words="fire"))
    assert narrows(QueueFilters(flag="repeat"))


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), anything))
def test_no_address_is_ever_an_error(mapping):
    found = filters_from(mapping)
    assert found.page >= 1
    assert found.view in {key for key, _ in VIEWS}
