"""Large answers travel compressed, small ones and pages with forms as they are."""

import gzip
import json

import pytest

from tests.integration.callbacks.test_routing import ask


@pytest.fixture
def desk(ann):
    return ann.open("/queue?workspace=north")


def test_a_layout_is_compressed_for_a_browser_that_takes_it(desk):
    answer = desk.get(
        "/_dash-layout", Referer="http://localhost/wallboard/main?workspace=north", **{"Accept-Encoding": "gzip, br"}
    )
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    layout = json.loads(gzip.decompress(answer.data))
    assert layout["type"] == "Div"
    assert len(answer.data) * 4 < len(json.dumps(layout))


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0"])
def test_others_get_it_as_it_is(desk, accept):
    answer = desk.get(
        "/_dash-layout", Referer="http://localhost/wallboard/main?workspace=north", **{"Accept-Encoding": accept}
    )
    assert "Content-Encoding" not in answer.headers
    assert answer.json["type"] == "Div"


def test_a_small_answer_is_not_worth_it(desk):
    answer = ask(desk, "/nowhere", "?workspace=north", before="/nowhere?north")
    assert "Content-Encoding" not in answer.headers


def test_a_page_with_a_form_stays_as_it_is(desk):
    answer = desk.get("/sign-out", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
