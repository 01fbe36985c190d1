"""What stands where there is nothing to show: what would be here, and how to make it appear."""

from dash import html

from models.filters import narrows
from models.snapshots import QueueFilters


def notice(title: str, *sentences: str) -> html.Section:
    """A page that has nothing to show."""
    return html.Section([html.H1(title), *(html.P(sentence) for sentence in sentences)], className="missing")


def not_found() -> html.Section:
    """No such address, or nothing there in this workspace."""
    return notice("There is nothing at this address", "It may be in another workspace: choose that one at the top.")


def no_permission(title: str) -> html.Section:
    """The person's roles do not open this page."""
    return notice(
        f"You may not open {title} here",
        "Your roles in this workspace do not include it. An administrator can change them.",
    )


def no_role(name: str) -> html.Section:
    """Signed in, but in no workspace."""
    return notice(
        f"Welcome, {name}",
        "You have no role in any workspace yet. When an administrator gives you one, its pages appear here.",
    )


EMPTY_VIEWS = {
    "needs": "Nobody is waiting for an answer. New messages appear here by themselves.",
    "mine": "You hold no conversation. Claim one from “Needs an answer”.",
    "assigned": "Nothing is assigned or being handed over to you or your teams.",
    "nobody": "Every conversation that needs an answer is held by somebody.",
    "soon": "Nothing falls due in the next 15 minutes.",
    "waiting": "No conversation waits for its contact.",
    "partner": "No conversation is with a partner.",
    "snoozed": "Nothing is snoozed. What is comes back to “Needs an answer” by itself.",
    "closed": "Nothing was closed today.",
    "replies": "No reply waits for anybody. Those that were refused, are in doubt or wait for approval appear here.",
}


def empty_queue(filters: QueueFilters) -> str:
    """What an empty list says. With a filter set, that comes first: something may be hidden by it."""
    if filters.words.strip():
        also = " with these filters" if narrows(filters) else ""
        return f"Nothing is found{also}. Try fewer words, or the beginning of one with * after it."
    if narrows(filters):
        return "Nothing matches these filters. Clear them to see the whole view."
    return EMPTY_VIEWS.get(filters.view, "Nothing is in this view.")


def nothing_chosen() -> html.Div:
    """Beside the list, before a conversation is opened."""
    return html.Div(
        [
            html.P("Choose a conversation to read it here."),
            html.P([html.Kbd("J"), " ", html.Kbd("K"), " move, ", html.Kbd("Enter"), " open"], className="aside"),
        ],
        className="panel-empty",
    )
