"""What the address bar may say about the queue, read forgivingly: what makes no sense means any."""

from collections.abc import Mapping
from dataclasses import replace

from models.addresses import number_in, word_in
from models.search import LONGEST as LONGEST_WORDS
from models.snapshots import QueueFilters

VIEWS = (
    ("needs", "Needs an answer"),
    ("mine", "Mine"),
    ("assigned", "Assigned to me"),
    ("nobody", "Nobody's"),
    ("soon", "Due in 15 min or over"),
    ("waiting", "Waiting for the contact"),
    ("partner", "With a partner"),
    ("snoozed", "Snoozed"),
    ("open", "All open"),
    ("closed", "Closed today"),
    ("replies", "Replies to see to"),
)
"""The saved views of the queue in their order: key and label."""

WHEN = (("today", "Today"), ("24h", "Last 24 hours"), ("7d", "Last 7 days"))
"""How new the newest message must be."""
ME, NOBODY = "me", "nobody"
REPEAT, MEDIA = "repeat", "media"
"""Flags that are no risk words: a contact who was in touch before, and something attached."""
FIELDS = {
    "view": "view",
    "channel": "channel",
    "account": "account",
    "grade": "grade",
    "when": "when",
    "holder": "holder",
    "team": "team",
    "topic": "topic",
    "flag": "flag",
    "incident": "incident",
    "q": "words",
    "page": "page",
}
"""The fields of the address, and what they are in ``QueueFilters``."""

_ANY = QueueFilters()
_KEYS = frozenset(key for key, _ in VIEWS)
_WHEN = frozenset(key for key, _ in WHEN)


def filters_from(mapping: Mapping[str, object]) -> QueueFilters:
    """The filters that a query string holds; of a repeated field the first counts. Never raises."""
    view = word_in(mapping.get("view"))
    return QueueFilters(
        view=view if view in _KEYS else _ANY.view,
        channel=word_in(mapping.get("channel")),
        account=number_in(mapping.get("account")),
        grade=word_in(mapping.get("grade")),
        page=number_in(mapping.get("page")) or 1,
        words=_words(mapping.get("q")),
        when=when if (when := word_in(mapping.get("when"))) in _WHEN else "",
        holder=_holder(mapping.get("holder")),
        team=number_in(mapping.get("team")),
        topic=number_in(mapping.get("topic")),
        flag=word_in(mapping.get("flag")),
        incident=number_in(mapping.get("incident")),
    )


def to_query(filters: QueueFilters) -> dict[str, str]:
    """The fields of an address that says the same; what is at its default stays out."""
    named = {field: (getattr(filters, name), getattr(_ANY, name)) for field, name in FIELDS.items()}
    return {field: str(value) for field, (value, default) in named.items() if value != default}


def narrows(filters: QueueFilters) -> bool:
    """Whether anything is left out of the view."""
    return replace(filters, view=_ANY.view, page=1, words="") != _ANY


def _words(value: object) -> str:
    """What is looked for, as typed: a blank at its end is somebody who goes on typing."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return value[:LONGEST_WORDS].lstrip().encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _holder(value: object) -> str:
    word = word_in(value)
    return word if word in (ME, NOBODY) or number_in(word) else ""
