"""The colours of ``assets/00-tokens.css`` for what CSS cannot reach: plotly's figures. A test asserts that both agree."""

THEMES: dict[str, dict[str, str]] = {
    "dark": {
        "bg": "#0d1216",
        "panel": "#141b21",
        "raised": "#1a232b",
        "chosen": "#182a36",
        "control": "#10171c",
        "alarm": "#2b1f1b",
        "line": "#25303a",
        "edge": "#6b7a87",
        "text": "#e9eef2",
        "muted": "#9aa8b4",
        "emergency": "#f0743a",
        "priority": "#e69f00",
        "standard": "#56b4e9",
        "done": "#2fbf8f",
        "unknown": "#8b98a4",
        "accent": "#56b4e9",
        "accent-ink": "#0a141b",
        "mark": "#5a2c20",
        "band": "#1e2831",
        "channel-x": "#9fb4c7",
        "channel-facebook": "#5b8def",
        "channel-mastodon": "#b07be0",
        "channel-bluesky": "#46c4d8",
        "channel-other": "#a8a28c",
    },
    "light": {
        "bg": "#f5f7f8",
        "panel": "#ffffff",
        "raised": "#ebeff2",
        "chosen": "#d6e4ec",
        "control": "#ffffff",
        "alarm": "#fbeae2",
        "line": "#d5dce1",
        "edge": "#73818c",
        "text": "#12181d",
        "muted": "#4d5b67",
        "emergency": "#a83c0a",
        "priority": "#7a5200",
        "standard": "#0a5c8d",
        "done": "#006548",
        "unknown": "#55626c",
        "accent": "#0b669c",
        "accent-ink": "#ffffff",
        "mark": "#f3cdbb",
        "band": "#e9eef1",
        "channel-x": "#5f7488",
        "channel-facebook": "#2a5fc9",
        "channel-mastodon": "#7a3fb3",
        "channel-bluesky": "#0a7c8f",
        "channel-other": "#77704f",
    },
    "contrast": {
        "bg": "#000000",
        "panel": "#000000",
        "raised": "#1c1c1c",
        "chosen": "#00314f",
        "control": "#000000",
        "alarm": "#3a1400",
        "line": "#8a8a8a",
        "edge": "#ffffff",
        "text": "#ffffff",
        "muted": "#e3e3e3",
        "emergency": "#ff9463",
        "priority": "#ffc02e",
        "standard": "#84ceff",
        "done": "#4fe3b2",
        "unknown": "#c9d1d8",
        "accent": "#84ceff",
        "accent-ink": "#000000",
        "mark": "#6b2a10",
        "band": "#2b2b2b",
        "channel-x": "#c3d3e2",
        "channel-facebook": "#7fa8ff",
        "channel-mastodon": "#cfa1f5",
        "channel-bluesky": "#5fe0f4",
        "channel-other": "#d9d2b4",
    },
}

CHANNELS = ("x", "facebook", "mastodon", "bluesky")


NAMED = "named"
"""No theme: every colour stands as its name ("ink:text"), and the page puts in those of its own (assets/30-live.js)."""

_NAMES = {name: f"ink:{name}" for name in THEMES["dark"]}


def colours(theme: str) -> dict[str, str]:
    """The colours of a theme; an unknown name (or "system", which only a browser can resolve) is drawn dark."""
    return _NAMES if theme == NAMED else THEMES.get(theme, THEMES["dark"])


def channel(palette: dict[str, str], key: str) -> str:
    """The fixed colour of a channel."""
    return palette[f"channel-{key}" if key in CHANNELS else "channel-other"]
