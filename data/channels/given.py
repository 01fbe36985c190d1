"""What a person gave as a setting, read as the kind of value it should be; wrong ones are refused by name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from data.channels.contract import WrongSetting

_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0"})


def text(given: Mapping[str, Any], name: str, default: str = "") -> str:
    """Read a text, without the blanks around it."""
    return str(given.get(name) or default).strip()


def number(given: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    """Read a number between ``least`` and ``most``."""
    value = given.get(name)
    if value in (None, ""):
        return default
    try:
        figure = float(str(value))
    except ValueError:
        raise WrongSetting(name, "is not a number") from None
    if not least <= figure <= most:
        raise WrongSetting(name, f"is not between {least:g} and {most:g}")
    return figure


def whole(given: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    """Read a whole number between ``least`` and ``most``."""
    figure = number(given, name, default, least, most)
    if figure != int(figure):
        raise WrongSetting(name, "is not a whole number")
    return int(figure)


def truth(given: Mapping[str, Any], name: str, default: bool) -> bool:
    """Read yes or no."""
    word = str(given.get(name) if given.get(name) is not None else "").strip().casefold()
    if not word:
        return default
    if word in _YES or word in _NO:
        return word in _YES
    raise WrongSetting(name, "is neither yes nor no")


def instant(given: Mapping[str, Any], name: str) -> datetime | None:
    """Read an instant in ISO 8601, which must say its zone."""
    value = given.get(name)
    if value in (None, ""):
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise WrongSetting(name, "is not an instant in ISO 8601") from None
    if at.tzinfo is None:
        raise WrongSetting(name, "does not say its zone")
    return at.astimezone(UTC)
