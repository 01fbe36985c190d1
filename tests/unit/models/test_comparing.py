from models.comparing import per_hundred


def test_figures_are_for_each_hundred_messages_and_unknown_without_one():
    assert (per_hundred(3, 40), per_hundred(0, 9), per_hundred(0, 0)) == (7.5, 0.0, None)
