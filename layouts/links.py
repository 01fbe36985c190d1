"""Addresses of our own pages. The workspace, filters, sort and selection live in the address, nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from models.auditing import AuditFilters, audit_fields
from models.filters import to_query
from models.reporting import CUSTOM, ReportFilters
from models.snapshots import QueueFilters


def page(path: str, workspace: str | None) -> str:
    """A page in a workspace."""
    return f"{path}?{urlencode({'workspace': workspace})}" if workspace else path


def admin(tab: str, workspace: str, **fields: object) -> str:
    """A tab of administration; fields without a value stay out of the address."""
    given = {"workspace": workspace} | {name: str(value) for name, value in fields.items() if value not in ("", None)}
    return f"/admin/{tab}?{urlencode(given)}"


def privacy(tab: str, workspace: str, **fields: object) -> str:
    """A tab of personal data; fields without a value stay out of the address."""
    given = {"workspace": workspace} | {name: str(value) for name, value in fields.items() if value not in ("", None)}
    return f"/privacy/{tab}?{urlencode(given)}"


def board(name: str, workspace: str) -> str:
    """One board of the wallboard."""
    return page(f"/wallboard/{name}", workspace)


def conversation(key: int, workspace: str) -> str:
    """One conversation as a page."""
    return page(f"/conversation/{key}", workspace)


def incidents(workspace: str) -> str:
    """All incidents."""
    return page("/incidents", workspace)


def incident(key: int, workspace: str) -> str:
    """One incident."""
    return page(f"/incidents/{key}", workspace)


def queue(workspace: str, filters: QueueFilters, selected: int | None = None) -> str:
    """The queue with these filters and this conversation open; what is at its default stays out of the address."""
    fields = {"workspace": workspace, **to_query(filters)}
    if selected is not None:
        fields["c"] = str(selected)
    return f"/queue?{urlencode(fields)}"


def view(workspace: str, key: str) -> str:
    """A saved view without any other filter."""
    return queue(workspace, QueueFilters(view=key))


def account(workspace: str, filters: QueueFilters, key: int) -> str:
    """The same view of one account only; asked again, of all accounts."""
    return queue(workspace, replace(filters, account=None if filters.account == key else key, page=1))


def gathered(workspace: str, filters: QueueFilters, key: int) -> str:
    """Everything of one incident that is not closed; asked again, of all conversations."""
    return queue(workspace, QueueFilters(view="open", incident=None if filters.incident == key else key))


def turned(workspace: str, filters: QueueFilters, number: int) -> str:
    """Another page of the same list."""
    return queue(workspace, replace(filters, page=number))


def report(name: str, workspace: str, filters: ReportFilters) -> str:
    """One report of this period, channel and account."""
    return f"/reports/{name}?{urlencode(_of_report(workspace, filters))}"


def report_file(name: str, ending: str, workspace: str, filters: ReportFilters) -> str:
    """A report's figures, or its ``rows/...``, as a file. Its dates are named: asked for again it is of the same days."""
    fields = _of_report(workspace, filters) | {"period": CUSTOM}
    fields |= {"from": filters.first.isoformat(), "to": filters.last.isoformat()}
    return f"/reports/{name}.{ending}?{urlencode(fields)}"


def _of_report(workspace: str, filters: ReportFilters) -> dict[str, str]:
    fields = {"workspace": workspace, "period": filters.period}
    if filters.period == CUSTOM:
        fields |= {"from": filters.first.isoformat(), "to": filters.last.isoformat()}
    if filters.channel:
        fields["channel"] = filters.channel
    if filters.account is not None:
        fields["account"] = str(filters.account)
    return fields


def audit(workspace: str, filters: AuditFilters, before: int | None) -> str:
    """The search of the audit, what is older than the event ``before``."""
    return f"/audit?{urlencode({'workspace': workspace, **audit_fields(replace(filters, before=before))})}"


def audit_file(workspace: str, filters: AuditFilters) -> str:
    """Every event of the search as a file."""
    return f"/audit/events.csv?{urlencode({'workspace': workspace, **audit_fields(replace(filters, before=None))})}"


def trail(key: int, workspace: str, after: int | None = None) -> str:
    """One conversation's trail, behind the event ``after``."""
    fields = {"workspace": workspace} | ({"after": str(after)} if after is not None else {})
    return f"/trail/{key}?{urlencode(fields)}"


def instant(at: datetime) -> str:
    """An instant as an address says it: UTC to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def queue_then(workspace: str, at: datetime, filters: QueueFilters | None = None) -> str:
    """The queue as it was at that minute."""
    fields = {"workspace": workspace, "at": instant(at), **to_query(filters or QueueFilters())}
    return f"/queue?{urlencode(fields)}"


def wall_then(workspace: str, at: datetime) -> str:
    """The main board as it was at that minute."""
    return f"/wallboard/main?{urlencode({'workspace': workspace, 'at': instant(at)})}"


def earlier(path: str, workspace: str) -> str:
    """A page as it was a minute ago: where looking back begins."""
    return f"{path}?{urlencode({'workspace': workspace, 'at': 'earlier'})}"
