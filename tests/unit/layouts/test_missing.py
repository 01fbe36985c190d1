from layouts import missing
from tests.unit.layouts.test_queue import texts


def test_a_wrong_address_says_what_to_try():
    assert texts(missing.not_found())[0] == "There is nothing at this address"


def test_a_page_that_may_not_be_opened_is_named():
    assert "You may not open Queue here" in texts(missing.no_permission("Queue"))


def test_somebody_without_a_role_is_welcomed_by_name():
    assert texts(missing.no_role("R. Hale"))[0] == "Welcome, R. Hale"


def test_a_name_from_outside_stays_a_word():
    assert texts(missing.no_role("<b>x</b>"))[0] == "Welcome, <b>x</b>"
