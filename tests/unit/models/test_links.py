"""Links are found where X and Mastodon find them; the published cases are in `tests/peers/test_lengths.py`."""

import pytest

from models.links import links


def found(text):
    return [text[link.begin : link.end] for link in links(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://www.northshire.example.uk/floods?area=4#map, please.", ["https://www.northshire.example.uk/floods?area=4#map"]),
        ("Go to northshire.uk/floods. Now.", ["northshire.uk/floods"]),
        ("(https://northshire.uk/roads_(closed))", ["https://northshire.uk/roads_(closed)"]),
        ("HTTPS://Northshire.UK:8080/A", ["HTTPS://Northshire.UK:8080/A"]),
        ("Ring 101.Then wait", []),
        ("ann@northshire.uk", []),
        ("#northshire.uk @northshire.uk $northshire.uk", []),
        ("https://northshire.nowhere-at-all", []),
        ("report.pdf.bz2", []),
        ("洪水northshire.uk洪水", ["northshire.uk"]),
        ("https://xn--洪水.uk/a", []),
        (f"https://{'洪' * 60}.uk", []),
        (f"https://{'a' * 64}.uk", []),
        (f"https://{'a' * 63}.uk", [f"https://{'a' * 63}.uk"]),
        ("https://t.co/AbC123's", ["https://t.co/AbC123"]),
        ("https://t.co/AbC123?amp=1 now", ["https://t.co/AbC123?amp=1"]),
        (f"https://t.co/{'a' * 41}", []),
        ("https://t.co", ["https://t.co"]),
    ],
)  # fmt: skip
def test_links_are_found_as_the_networks_find_them(text, expected):
    assert found(text) == expected


def test_a_link_says_whether_it_was_written_without_its_scheme():
    assert [(link.begin, link.end, link.bare) for link in links("a.uk https://b.uk")] == [(0, 4, True), (5, 17, False)]
