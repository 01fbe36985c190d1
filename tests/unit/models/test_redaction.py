from models.redaction import published


def test_small_counts_are_withheld_and_nothing_is_nought():
    assert [published(count) for count in (0, 1, 4, 5, 1000)] == [0, "1 to 4", "1 to 4", 5, 1000]
