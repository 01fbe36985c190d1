"""What the address bar may say about the queue, read forgivingly: what makes no sense means any."""

from collections.abc import Mapping

from models.snapshots import QueueFilters

VIEWS = (
    ("needs", "Needs an answer"),
    ("mine", "Mine"),
    ("nobody", "Nobody's"),
    ("soon", "Due in 15 min or over"),
    ("waiting", "Waiting for the contact"),
    ("open", "All open"),
    ("closed", "Closed today"),
)
"""The saved views of the queue in their order: key and label."""

LARGEST = 2**63 - 1
"""The largest key that either database can hold."""
LONGEST = 64
"""Characters of a channel or grade in an address; a longer one is nobody's."""

_ANY = QueueFilters()
_KEYS = frozenset(key for key, _ in VIEWS)


def filters_from(mapping: Mapping[str, object]) -> QueueFilters:
    """The filters that a query string holds; of a repeated field the first counts. Never raises."""
    view = _word(mapping.get("view"))
    return QueueFilters(
        view=view if view in _KEYS else _ANY.view,
        channel=_word(mapping.get("channel")),
        account=_number(mapping.get("account")),
        grade=_word(mapping.get("grade")),
        page=_number(mapping.get("page")) or 1,
    )


def to_query(filters: QueueFilters) -> dict[str, str]:
    """The fields of an address that says the same; what is at its default stays out."""
    named = {name: getattr(filters, name) for name in ("view", "channel", "account", "grade", "page")}
    return {name: str(value) for name, value in named.items() if value != getattr(_ANY, name)}


def _word(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST else ""


def _number(value: object) -> int | None:
    """A whole number from 1 to ``LARGEST``, else None."""
    text = _word(str(value) if isinstance(value, int) else value)
    number = int(text) if text.isascii() and text.isdigit() else 0
    return number if 1 <= number <= LARGEST else None
