"""What the address says of the audit: who, what, of which thing, when; read forgivingly, in whole local days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from models.addresses import number_in, word_in

PERIODS = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("7d", "Last 7 days"),
    ("28d", "Last 28 days"),
    ("all", "All time"),
    ("custom", "Chosen dates"),
)
"""The periods that the search offers: key and label."""
DEFAULT = "7d"
CUSTOM = "custom"
PEOPLE = frozenset({"holder", "to", "user", "user_id", "giver", "receiver", "assigned", "by"})
"""What events state of colleagues: their keys, in ``before`` and ``after``."""

_KEYS = frozenset(key for key, _ in PERIODS)
_DAYS = {"today": 1, "7d": 7, "28d": 28}


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What the search is for. Empty or None means any; ``first`` and ``last`` are whole local days, both counted.

    ``before`` is the number of an event: the page holds what is older.
    """

    person: str = ""
    action: str = ""
    kind: str = ""
    number: int | None = None
    period: str = DEFAULT
    first: date | None = None
    last: date | None = None
    before: int | None = None


def audit_filters_from(mapping: Mapping[str, object], today: date) -> AuditFilters:
    """The filters that a query string holds; ``today`` is the workspace's. What makes no sense means any. Never raises."""
    period = word_in(mapping.get("period"))
    first, last = _day(mapping.get("from")), _day(mapping.get("to"))
    if period not in _KEYS or (period == CUSTOM and (first is None or last is None)):
        period = DEFAULT
    if period == CUSTOM and first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    else:
        first, last = _preset(period, today)
    return AuditFilters(
        person=word_in(mapping.get("person")),
        action=word_in(mapping.get("action")),
        kind=word_in(mapping.get("kind")),
        number=number_in(mapping.get("number")),
        period=period,
        first=first,
        last=last,
        before=number_in(mapping.get("before")),
    )


def audit_fields(filters: AuditFilters) -> dict[str, str]:
    """The fields of an address that says the same; what is at its default stays out."""
    fields = {name: getattr(filters, name) for name in ("person", "action", "kind", "number", "before")}
    fields["period"] = filters.period if filters.period != DEFAULT else None
    if filters.period == CUSTOM and filters.first is not None and filters.last is not None:
        fields |= {"from": filters.first.isoformat(), "to": filters.last.isoformat()}
    return {name: str(value) for name, value in fields.items() if value}


def _preset(period: str, today: date) -> tuple[date | None, date | None]:
    if period == "all":
        return None, None
    if period == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    return today - timedelta(days=_DAYS[period] - 1), today


def _day(value: object) -> date | None:
    """A date of the years people count in."""
    try:
        found = date.fromisoformat(word_in(value))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 9000 else None
