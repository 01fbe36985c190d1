import re
from pathlib import Path

import pytest

from layouts import palette

CSS = Path("assets/00-tokens.css").read_text(encoding="utf-8")
BACKGROUNDS = ("bg", "panel", "raised", "chosen", "control", "alarm")
INKS = ("text", "muted", "emergency", "priority", "standard", "done", "unknown", "accent")
CHANNELS = ("channel-x", "channel-facebook", "channel-mastodon", "channel-bluesky", "channel-other")


def tokens(theme):
    """The colours that a theme's block of the style sheet sets."""
    block = re.search(rf'html\[data-theme="{theme}"\][^{{]*\{{([^}}]*)\}}', CSS)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))


def brightness(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", palette.THEMES)
def test_figures_and_style_sheets_have_the_same_colours(theme):
    assert tokens(theme) == palette.THEMES[theme]


def test_the_system_theme_is_dark_or_light():
    dark, light = re.findall(r'html\[data-theme="system"\][^{]*\{([^}]*)\}', CSS)
    assert dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark)) == palette.THEMES["dark"]
    assert dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light)) == palette.THEMES["light"]


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("theme", palette.THEMES)
def test_text_can_be_read_on_every_background(theme, ink, background):
    assert contrast(palette.THEMES[theme][ink], palette.THEMES[theme][background]) >= 4.5


@pytest.mark.parametrize("theme", palette.THEMES)
def test_marked_words_and_the_first_button_can_be_read(theme):
    ink = palette.THEMES[theme]
    assert contrast(ink["text"], ink["mark"]) >= 4.5
    assert contrast(ink["accent-ink"], ink["accent"]) >= 4.5


@pytest.mark.parametrize("background", ["panel", "bg", "band", "chosen"])
@pytest.mark.parametrize("part", [*CHANNELS, "edge"])
@pytest.mark.parametrize("theme", palette.THEMES)
def test_graphics_stand_out(theme, part, background):
    assert contrast(palette.THEMES[theme][part], palette.THEMES[theme][background]) >= 3


def test_every_colour_in_the_style_sheets_is_a_token():
    sheets = [path for path in Path("assets").glob("*.css") if path.name != "00-tokens.css"]
    assert len(sheets) >= 4
    assert [
        path.name for path in sheets if re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", path.read_text(encoding="utf-8"))
    ] == []


def test_every_token_that_a_style_sheet_uses_is_set():
    text = "".join(path.read_text(encoding="utf-8") for path in Path("assets").glob("*.css"))
    used, made = set(re.findall(r"var\(--([a-z0-9-]+)", text)), set(re.findall(r"--([a-z0-9-]+):", text))
    assert used - made == set()


def test_an_unknown_theme_is_drawn_dark():
    assert palette.colours("system") is palette.colours("dark") is palette.colours("")


def test_a_channel_without_a_colour_of_its_own_is_other():
    ink = palette.colours("dark")
    assert palette.channel(ink, "email") == ink["channel-other"]
    assert palette.channel(ink, "x") == ink["channel-x"]
