"""What a form of administration sent: every value is looked at before anything rests on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.problems import BadValue, NotFound

LARGEST_KEY = 2**63 - 1
LONGEST_TEXT = 400_000
MOST_FIELDS = 400
STRANGE = "it holds characters that cannot be stored"


class Fields:
    """The values of a form by name. Raises ``BadValue``, with the words of the form, for what cannot be."""

    def __init__(self, sent: object) -> None:
        values = sent if isinstance(sent, Mapping) and len(sent) <= MOST_FIELDS else {}
        self._values: dict[str, Any] = {name: value for name, value in values.items() if isinstance(name, str)}

    def text(self, name: str, longest: int = 200) -> str:
        """A text without outer blanks, empty where there is none."""
        value = self._values.get(name)
        text = (str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value) or ""
        if not isinstance(text, str) or len(text) > min(longest, LONGEST_TEXT):
            raise BadValue(_said(name), f"give at most {longest} characters")
        return _storable(name, text).strip()

    def secret(self, name: str) -> str:
        """A password or a credential: as it was typed, empty where there is none."""
        value = self._values.get(name)
        return _storable(name, value) if isinstance(value, str) and len(value) <= LONGEST_TEXT else ""

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self._values.get(name) is True

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number between two others."""
        found = self.maybe(name, least, most)
        if found is None:
            raise BadValue(_said(name), f"give a whole number from {least} to {most:,}")
        return found

    def maybe(self, name: str, least: int, most: int) -> int | None:
        """The same, None where the field is empty."""
        text = self.text(name, 30)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise BadValue(_said(name), f"give a whole number from {least} to {most:,}, or nothing")
        return int(text)

    def day(self, name: str) -> date | None:
        """A date, None where the field is empty."""
        text = self.text(name, 10)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise BadValue(_said(name), "give a date such as 2027-03-31") from None

    def chosen(self, prefix: str) -> set[int]:
        """The keys of the ticked boxes called ``<prefix>:<key>``."""
        return {key_of(name.partition(":")[2]) for name in self.ticked(prefix)}

    def ticked(self, prefix: str) -> list[str]:
        """The names of the ticked boxes called ``<prefix>:...``, in order."""
        return sorted(name for name in self._values if name.startswith(f"{prefix}:") and self.flag(name))

    def starting(self, prefix: str) -> dict[str, str]:
        """The texts of the fields called ``<prefix>:<name>`` by that name."""
        wanted = [_storable(prefix, name) for name in self._values if name.startswith(f"{prefix}:")]
        return {name.partition(":")[2]: self.secret(name) for name in wanted}


def key_of(sent: object) -> int:
    """The key of a row, as a number or in digits. Raises ``NotFound`` for what is none."""
    said = str(sent) if isinstance(sent, int | str) else ""
    if not (said.isascii() and said.isdigit() and 0 < len(said) < 19):
        raise NotFound
    return int(said)


def _storable(name: str, text: str) -> str:
    if not can_be_kept(text):
        raise BadValue(_said(name).encode(errors="replace").decode().replace("\0", "?"), STRANGE)
    return text


def can_be_kept(text: str) -> bool:
    """Whether a database can keep the text: no NUL and no half of a character."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def text_of(sent: object, name: str) -> str:
    """What was written in a field of a page; empty where nothing was. Raises ``BadValue`` for what is no text."""
    return Fields({name: sent}).text(name, LONGEST_TEXT)


def _said(name: str) -> str:
    return name.replace("_", " ")
