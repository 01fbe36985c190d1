"""Names of saved views."""

import pytest

from models.problems import BadValue
from models.views import LONGEST_NAME, view_name


def test_a_name_is_kept_without_needless_blanks():
    assert view_name("  Ours,   unanswered ") == "Ours, unanswered"
    assert view_name("n" * LONGEST_NAME) == "n" * LONGEST_NAME


@pytest.mark.parametrize("name", ["", "   ", "n" * (LONGEST_NAME + 1), "bell\x07"])
def test_a_name_that_cannot_be_shown_is_refused(name):
    with pytest.raises(BadValue):
        view_name(name)
