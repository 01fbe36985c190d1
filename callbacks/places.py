"""Which page an address is: the pages of ``layouts/pages.py``, and the addresses below them that exist."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from callbacks.fields import can_be_kept
from layouts.pages import ADMIN_TABS, BOARDS, PAGES, PRIVACY_TABS, REPORTS, Page
from models.permissions import Scope
from models.problems import NoRole

MAIN_BOARD = "main"
BELOW = {"wallboard": BOARDS, "reports": REPORTS, "admin": ADMIN_TABS, "privacy": PRIVACY_TABS}
"""Pages whose last part is one of a few names."""
NUMBERED = frozenset({"conversation", "trail"})
"""Pages of one conversation: their last part is its key."""
KEYED = NUMBERED | {"incidents", "shift"}
"""Pages that show one thing by its key; those that are not numbered also show all of them."""
STARTS = {name: choices[0][0] for name, choices in BELOW.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and the part of its address after the page's own path: a board, the key of a conversation, or nothing."""

    page: Page
    rest: str = ""

    @property
    def path(self) -> str:
        """The address without its query."""
        return f"{self.page.path}/{self.rest}" if self.rest else self.page.path


def find(path: str) -> Place | None:
    """The place at a path; None where there is none."""
    for page in PAGES:
        if path == page.path:
            return _whole(page)
        if path.startswith(f"{page.path}/") and _is_below(page, rest := path.removeprefix(f"{page.path}/")):
            return Place(page, rest)
    return None


def first_place(scope: Scope, board: str) -> Place:
    """Where somebody starts: the first page of the bar that they may open. Raises ``NoRole`` where there is none."""
    for page in PAGES:
        if page.icon and scope.may(page.permission):
            return Place(page, board if page.name == "wallboard" else STARTS.get(page.name, ""))
    raise NoRole


def _whole(page: Page) -> Place | None:
    if page.name in NUMBERED:
        return None
    return Place(page, STARTS.get(page.name, ""))


def _is_below(page: Page, rest: str) -> bool:
    if page.name in BELOW:
        return rest in {name for name, _ in BELOW[page.name]}
    return page.name in KEYED and rest.isascii() and rest.isdigit() and len(rest) < 19


def fields_of(search: Any) -> dict[str, str]:
    """The fields of a query; of a repeated one the first. What no database keeps (NUL, half a character) is as if not given."""
    fields = parse_qs(search.lstrip("?")) if isinstance(search, str) else {}
    return {name: values[0] for name, values in fields.items() if can_be_kept(values[0])}
