"""Percentiles that count the unanswered: METRICS.md, "Statistics"."""

from fractions import Fraction
from math import ceil, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quantiles import Quantile, product_limit, product_limits, wilson

SHOWN = (0.5, 0.9, 0.95)
waits = st.integers(0, 40).map(lambda n: n / 4)
some = st.lists(waits, max_size=40)
quantiles = st.sampled_from([0.0, 0.05, 0.1, 0.25, 1 / 3, 0.5, 0.55, 0.75, 0.9, 0.95, 0.99, 1.0])


def slow(answered: list[float], unanswered: list[float], q: float) -> Quantile | None:
    """The definition, in fractions: S falls by the share answered at t among those who waited at least t."""
    everyone = answered + unanswered
    if not everyone:
        return None
    share = Fraction(1)
    for wait in sorted(set(answered)):
        share *= 1 - Fraction(answered.count(wait), sum(one >= wait for one in everyone))
        if share <= 1 - Fraction(str(q)):
            return Quantile(wait, reached=True)
    return Quantile(max(everyone), reached=False)


def order(quantile: Quantile) -> float:
    return quantile.value if quantile.reached else inf


def test_no_data_has_no_percentile():
    assert product_limit([], [], 0.5) is None
    assert product_limits([], [], SHOWN) == [None, None, None]


def test_unanswered_turns_raise_a_percentile_that_answered_ones_alone_would_hide():
    answered = [1.0] * 8
    assert product_limit(answered, [], 0.9) == Quantile(1.0, reached=True)
    assert product_limit(answered, [50.0, 60.0], 0.9) == Quantile(60.0, reached=False)
    assert product_limit(answered, [50.0, 60.0], 0.5) == Quantile(1.0, reached=True)


def test_a_percentile_that_is_not_reached_is_more_than_the_largest_wait_observed():
    assert product_limit([], [3.0, 7.0, 5.0], 0.5) == Quantile(7.0, reached=False)
    assert product_limit([9.0], [1.0, 2.0, 9.0], 0.9) == Quantile(9.0, reached=False)


def test_a_known_curve_from_the_textbook():
    """Kaplan-Meier on the 6-MP arm of Freireich's leukaemia trial (1963): S(22) = 0.538, S(23) = 0.448, median 23."""
    answered = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    unanswered = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert product_limit(answered, unanswered, 0.5) == Quantile(23.0, reached=True)
    assert product_limit(answered, unanswered, 0.46) == Quantile(22.0, reached=True)
    assert product_limit(answered, unanswered, 0.47) == Quantile(23.0, reached=True)
    assert product_limit(answered, unanswered, 0.9) == Quantile(35.0, reached=False)


def test_a_turn_unanswered_at_the_very_wait_of_a_reply_was_still_at_risk():
    assert product_limit([5.0], [5.0], 0.5) == Quantile(5.0, reached=True)
    assert product_limit([5.0], [4.9], 1.0) == Quantile(5.0, reached=True)


def test_a_share_that_meets_the_bound_exactly_counts_as_reached_whatever_the_rounding():
    """In floats 1 - 0.9 is less than a tenth, and 0.9 x 5/8 x 2/3 need not be 3/8."""
    assert product_limit([float(n) for n in range(9)], [100.0], 0.9) == Quantile(8.0, reached=True)
    assert product_limit([1.0, 3.0, 3.0, 3.0, 4.0, 5.0], [2.0, 3.5, 3.5, 6.0], 0.625) == Quantile(4.0, reached=True)
    assert product_limit([1.0, 3.0, 3.0, 3.0, 4.0, 5.0], [2.0, 3.5, 3.5, 6.0], 0.626) == Quantile(5.0, reached=True)


def test_many_factors_that_cancel_only_together_are_decided_exactly():
    """One unanswered after each of 80 replies, then half of those left answered at once: S is a product of 81 fractions.

    The two quantiles are neighbours on either side of 1 - S, far closer to it than a float product can tell.
    """
    answered = [float(n) for n in range(80)] + [90.0] * 2
    unanswered = [n + 0.5 for n in range(80)] + [91.0] * 2
    share = Fraction(1)
    for place in range(80):
        share *= 1 - Fraction(1, 164 - 2 * place)
    nearest = float(1 - share / 2)
    neighbours = [float(np.nextafter(nearest, 0)), float(np.nextafter(nearest, 1))]
    assert [product_limit(answered, unanswered, q) for q in neighbours] == [
        Quantile(90.0, reached=True),
        Quantile(91.0, reached=False),
    ]


@pytest.mark.parametrize("q", [-0.1, 1.1, nan])
def test_a_quantile_outside_0_to_1_is_refused(q):
    with pytest.raises(ValueError, match="between 0 and 1"):
        product_limit([1.0], [], q)


@pytest.mark.parametrize(("answered", "unanswered"), [([nan], []), ([], [inf])])
def test_a_wait_that_is_not_a_number_is_refused(answered, unanswered):
    with pytest.raises(ValueError, match="finite"):
        product_limit(answered, unanswered, 0.5)


@settings(max_examples=60, deadline=None)
@given(some, some, quantiles)
def test_the_estimator_equals_its_definition_worked_out_slowly(answered, unanswered, q):
    assert product_limit(answered, unanswered, q) == slow(answered, unanswered, q)


@settings(max_examples=20, deadline=None)
@given(some, some, st.lists(quantiles, max_size=5))
def test_several_quantiles_in_one_pass_are_those_asked_for_one_by_one(answered, unanswered, qs):
    assert product_limits(answered, unanswered, qs) == [product_limit(answered, unanswered, q) for q in qs]


@settings(max_examples=20, deadline=None)
@given(st.lists(waits, min_size=1, max_size=80), st.sampled_from([0, 0.25, 0.5, 0.75, 0.9, 0.95, 1]))
def test_with_nothing_unanswered_it_is_numpys_inverted_cdf(answered, q):
    assert product_limit(answered, [], q) == Quantile(np.quantile(answered, q, method="inverted_cdf"), reached=True)


@pytest.mark.parametrize("n", [1, 2, 10, 19, 20, 21, 40, 100, 1000])
def test_the_shown_percentiles_have_numpys_rank_at_every_size(n):
    answered = [float(wait) for wait in range(1, n + 1)]
    assert [found.value for found in product_limits(answered, [], SHOWN)] == [float(ceil(n * q)) for q in SHOWN]
    assert np.quantile(answered, SHOWN, method="inverted_cdf").tolist() == [float(ceil(n * q)) for q in SHOWN]


@settings(max_examples=25, deadline=None)
@given(st.lists(waits, min_size=1, max_size=60), some, st.integers(0, 40), st.sampled_from(SHOWN))
def test_leaving_out_the_slowest_fifth_of_replies_does_not_lower_a_percentile(answered, unanswered, longer, q):
    answered = sorted(answered)
    kept = len(answered) - ceil(len(answered) / 5)
    ignored = unanswered + [wait + longer for wait in answered[kept:]]
    before, after = product_limit(answered, unanswered, q), product_limit(answered[:kept], ignored, q)
    assert order(after) >= order(before)
    assert after.value >= before.value


@settings(max_examples=20, deadline=None)
@given(st.lists(waits, min_size=1, max_size=40), some, st.integers(0, 39), st.sampled_from(SHOWN))
def test_an_earlier_reply_never_scores_worse_unless_it_overtakes_an_unanswered_wait(answered, unanswered, place, q):
    place %= len(answered)
    overtaken = [wait for wait in unanswered if wait < answered[place]]
    earlier = max([answered[place] / 2, *(wait + 0.01 for wait in overtaken)])
    sooner = [*answered[:place], earlier, *answered[place + 1 :]]
    assert order(product_limit(sooner, unanswered, q)) <= order(product_limit(answered, unanswered, q))


def test_a_reply_that_overtakes_an_unanswered_wait_leaves_more_weight_on_it():
    """The estimator shares an unanswered turn among the longer waits. With none longer it stays unanswered for ever."""
    assert product_limit([0.0] * 10 + [0.75], [0.5], 0.95) == Quantile(0.75, reached=True)
    assert product_limit([0.0] * 10 + [0.375], [0.5], 0.95) == Quantile(0.5, reached=False)


def test_wilson_is_the_published_interval():
    """Wilson's score interval for 81 of 263, worked in Newcombe (1998), table I: 0.2553 to 0.3662."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_wilson_stays_within_0_and_1():
    assert wilson(0, 20) == (0.0, pytest.approx(0.1611, abs=5e-5))
    assert wilson(20, 20) == (pytest.approx(0.8389, abs=5e-5), 1.0)


def test_no_answers_have_no_interval():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2), (0, -1)])
def test_wilson_refuses_what_is_not_a_share(successes, n):
    with pytest.raises(ValueError, match="not a share"):
        wilson(successes, n)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 500), st.integers(0, 500))
def test_wilson_surrounds_the_share(n, successes):
    successes %= n + 1
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
