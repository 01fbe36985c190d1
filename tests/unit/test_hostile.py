"""The hostile workspace is what it says: it names columns that there are."""

import models.entities
from tests.hostile import not_written


def test_every_text_that_is_made_hostile_stands_in_a_table():
    assert models.entities is not None
    assert not_written() == []
