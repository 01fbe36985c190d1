"""Links and weights against the published conformance file of twitter-text. Run by `make peers`."""

import os
from pathlib import Path

import pytest
import yaml

from models.lengths import LINK, x_weight
from models.links import links


@pytest.fixture(scope="module")
def cases():
    where = os.environ.get("PEER_DATA")
    if not where:
        pytest.fail("PEER_DATA does not say where the published sets are")
    return yaml.safe_load((Path(where) / "twitter_text_extract.yml").read_text("utf-8"))["tests"]


@pytest.mark.parametrize(("group", "number"), [("urls", 91), ("tco_urls_with_params", 5)])
def test_the_links_of_every_published_case_are_found(cases, group, number):
    assert len(cases[group]) == number
    found = [[case["text"][link.begin : link.end] for link in links(case["text"])] for case in cases[group]]
    assert found == [case["expected"] for case in cases[group]]


@pytest.mark.parametrize(("group", "number"), [("urls_with_indices", 10), ("urls_with_directional_markers", 2)])
def test_they_stand_where_the_published_positions_say(cases, group, number):
    assert len(cases[group]) == number
    found = [[[link.begin, link.end] for link in links(case["text"])] for case in cases[group]]
    assert found == [[one["indices"] for one in case["expected"]] for case in cases[group]]


def test_each_published_link_weighs_23_whatever_its_length(cases):
    for case in cases["urls_with_indices"]:
        text, at, rest = case["text"], 0, ""
        for one in case["expected"]:
            rest += text[at : one["indices"][0]] + " "
            at = one["indices"][1]
        rest += text[at:]
        spaces = len(case["expected"])
        assert x_weight(text) == x_weight(rest) - spaces + LINK * spaces
