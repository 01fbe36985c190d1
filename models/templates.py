"""Templates of replies, with variables that are filled in where one is chosen: ``{contact}``, ``{opening hours}``."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import BadValue

VARIABLES: Mapping[str, str] = {
    "contact": "the contact's name, as the network shows it",
    "handle": "the contact's own handle",
    "account": "our account",
    "service": "the workspace's name",
    "reference": "the number of the conversation",
    "opening hours": "the calendar's opening hours in words",
    "colleague": "the name of whoever writes",
}
LONGEST = 2_000
LONGEST_NAME = 60
_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Template(Owned, Audited, Base, kw_only=True):
    """A text that a workspace has agreed on. ``retired`` ones are kept for the record and offered to nobody."""

    __tablename__ = "template"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "name"))

    name: Mapped[str]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[datetime | None] = mapped_column(default=None)


def checked(name: str, text: str) -> tuple[str, str]:
    """Name and text as they are kept. Raises ``BadValue``: empty, too long, an unknown variable, a brace that stands alone."""
    name, text = " ".join(name.split()), text.strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadValue("template", f"give a name of up to {LONGEST_NAME} characters")
    if not text or len(text) > LONGEST:
        raise BadValue("template", f"write a text of up to {LONGEST} characters")
    unknown = [one for one in variables(text) if one not in VARIABLES]
    if unknown:
        known = ", ".join(f"{{{one}}}" for one in VARIABLES)
        raise BadValue("template", f"there is no variable {{{unknown[0]}}}; there are {known}")
    if set(_VARIABLE.sub("", text)) & {"{", "}"}:
        raise BadValue("template", "braces are for variables only, such as {contact}")
    return name, text


def variables(text: str) -> tuple[str, ...]:
    """The variables of a text in the order they stand, each as often as it does."""
    return tuple(" ".join(found.split()).lower() for found in _VARIABLE.findall(text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its variables filled in. Raises ``BadValue`` for one that ``facts`` lacks.

    What is filled in came from outside: braces in it are never read as variables.
    """
    for name in variables(text):
        if name not in facts:
            raise BadValue("template", f"nothing is known here for {{{name}}}")
    return _VARIABLE.sub(lambda found: facts[" ".join(found[1].split()).lower()], text)
