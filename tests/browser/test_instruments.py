"""The instruments themselves: a check of accessibility that finds nothing must be one that could have."""

import pytest

POLICY = "default-src 'none'; script-src 'self'"


def show(page, body):
    html = f'<!doctype html><html lang="en"><head><title>A page</title></head><body><main>{body}</main></body></html>'
    page.route(
        "http://watchroom.test/",
        lambda route: route.fulfill(
            body=html, headers={"Content-Type": "text/html", "Content-Security-Policy": POLICY}
        ),
    )
    page.goto("http://watchroom.test/")


def test_axe_finds_a_picture_without_words_under_a_strict_policy(page, axe):
    show(page, "<h1>Heading</h1><img>")
    assert any(line.startswith("image-alt") for line in axe(page))


def test_axe_finds_nothing_on_a_sound_page(page, axe):
    show(page, "<h1>Heading</h1><p>Words.</p>")
    assert axe(page) == []


def test_axe_can_look_at_a_part_of_a_page(page, axe):
    show(page, '<h1>Heading</h1><div id="part"><p>Words.</p></div><img>')
    assert axe(page, "#part") == []


@pytest.mark.parametrize("width", [390, 1920])
def test_a_page_has_the_size_it_is_given(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    show(page, "<h1>Heading</h1>")
    assert page.evaluate("innerWidth") == width
