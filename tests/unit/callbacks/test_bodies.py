"""What counts as something a person did."""

import pytest

from callbacks.bodies import fits, is_by_hand, is_sound


@pytest.mark.parametrize(
    "changed", [["url.search"], ['{"index":4,"type":"row"}.n_clicks'], ["live-queue.data", "claim.n_clicks"]]
)
def test_what_a_person_did_keeps_the_session_alive(changed):
    assert is_by_hand({"changedPropIds": changed})


@pytest.mark.parametrize(
    "changed", [[], ["live-queue.data"], ["live-queue.data", "live-inbound.data"], ["tick.n_intervals"], ["seen.data"]]
)
def test_a_page_that_redraws_itself_does_not(changed):
    assert not is_by_hand({"changedPropIds": changed})


ONE = {"id": "a", "property": "children"}
MANY = [{"id": {"type": "b", "id": 1}, "property": "value"}]


@pytest.mark.parametrize("outputs", [ONE, [ONE], [ONE, MANY], [[]], []])
def test_an_output_may_stand_for_many_components(outputs):
    assert is_sound({"output": "a", "outputs": outputs})


@pytest.mark.parametrize("outputs", ["a", [1], [[ONE, MANY]], {"id": 1}, None])
def test_what_is_no_output_is_refused(outputs):
    assert not is_sound({"output": "a", "outputs": outputs})


PATTERN = '{"id":["ALL"],"type":"b"}'
ASKED = {"inputs": [{"id": PATTERN, "property": "n_clicks"}], "state": [{"id": "a", "property": "value"}]}


def sent(of_pattern, plain=("a", "value")):
    part = {"id": of_pattern, "property": "n_clicks"}
    return {"output": "x.children", "inputs": [[part]], "state": [dict(zip(("id", "property"), plain, strict=True))]}


@pytest.mark.parametrize("key", [1, "one", True])
def test_values_come_from_the_components_that_were_asked(key):
    assert fits(sent({"id": key, "type": "b"}), ASKED)


@pytest.mark.parametrize("of_pattern", [{"type": "b"}, {"id": [1], "type": "b"}, {"id": None, "type": "b"}, "b"])
def test_a_pattern_is_met_by_its_own_parts_with_single_values(of_pattern):
    assert not fits(sent(of_pattern), ASKED)


@pytest.mark.parametrize("plain", [("b", "value"), ("a", "children")])
def test_another_component_or_property_is_refused(plain):
    assert not fits(sent({"id": 1, "type": "b"}, plain), ASKED)
