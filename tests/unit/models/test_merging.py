"""Groups that links hold together, in any shape, and taken apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.merging import LARGEST_GROUP, LONGEST_REASON, check_reason, group
from models.problems import BadValue


def links_of(pairs):
    return lambda keys: [pair for pair in pairs if keys & set(pair)]


def test_alone_where_nothing_is_merged():
    assert group(3, links_of([])) == (3,)
    assert group(3, links_of([(1, 2)])) == (3,)


def test_over_any_number_of_links():
    chain = [(1, 2), (2, 3), (3, 4)]
    assert group(2, links_of(chain)) == (2, 1, 3, 4)
    assert group(4, links_of(chain)) == (4, 1, 2, 3)


def test_a_group_never_becomes_half_a_workspace():
    chain = [(n, n + 1) for n in range(500)]
    assert len(group(0, links_of(chain))) <= LARGEST_GROUP + 1


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=8))
def test_everybody_in_a_group_sees_the_same_group(pairs):
    for start in range(1, 10):
        found = set(group(start, links_of(pairs)))
        assert all(set(group(other, links_of(pairs))) == found for other in found)


def test_a_merge_says_why():
    assert check_reason("  same\n photo ") == "same photo"
    for reason in ("", " \n", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(BadValue):
            check_reason(reason)
