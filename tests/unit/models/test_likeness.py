"""The same words are known again after a network changed what networks change; other words are other words."""

import pytest

from models.likeness import compared


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("On our way", "@ann_outside On our way"),
        ("@ann On our way", "@ann_outside @bob On our way"),
        ("Fire & rescue <now>", "Fire &amp; rescue &lt;now&gt;"),
        ("See https://northshire.uk/floods and b.uk now", "See https://t.co/AbC1 and https://t.co/AbC2 now"),
        ("One\n\n two\u00a0three ", "One two three"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u2764\ufe0f", "\u2764"),
        ("@ann", "@bob @ann"),
    ],
)
def test_what_a_network_changes_does_not_count(ours, theirs):
    assert compared(ours) == compared(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("On our way", "On our way."),
        ("On our way", "on our way"),
        ("Ring 101", "Ring 999"),
        ("See https://a.uk", "See"),
        ("Tell @ann", "Tell @bob"),
    ],
)
def test_everything_else_counts(ours, theirs):
    assert compared(ours) != compared(theirs)
