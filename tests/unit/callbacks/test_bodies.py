"""What counts as something a person did."""

import pytest

from callbacks.bodies import is_by_hand


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
