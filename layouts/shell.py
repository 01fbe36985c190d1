"""What frames every page: the bar at the top, the strip of the demonstration, and the regions that speak."""

from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import keys, links, wording
from layouts.components.attributes import attributes
from layouts.components.major import banner
from layouts.components.marks import remote
from layouts.pages import BOARDS, PAGES, Page, by_name
from models.permissions import Permission
from models.snapshots import Shell

THEMES = ("dark", "light", "contrast", "system")
THEME_MARK = "{%theme%}"
CHARTS_MARK = "{%charts%}"
SINGLE_KEYS = "data-single-keys"
"""Where the frame says whether single keys do something."""

INDEX = """<!DOCTYPE html>
<html lang="en-GB" data-theme="{%theme%}">
  <head>
    {%metas%}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="dark light">
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>
      {%config%}
      {%scripts%}
      {%charts%}
      {%renderer%}
    </footer>
  </body>
</html>
"""


class Ids(StrEnum):
    URL = "url"
    WAY = "way"
    PAGE = "page"
    FRAME = "frame"
    MAIN = "main"
    NOTICE = "notice"
    ALARM = "alarm"
    LIVE_AGE = "live-age"
    CLOCK = "clock"
    UNREAD = "unread"
    UNREAD_LIVE = "live-notifications"
    MAJOR = "major"
    MAJOR_LIVE = "live-major"
    ALARMS = "alarms-calling"
    ALARMS_LIVE = "live-alarms"


def index_string() -> str:
    """The page that Dash fills in, without a script of its own. ``filled`` must then fill in the rest."""
    return INDEX


def filled(index: str, theme: str | None, chart_script: str = "") -> str:
    """The index page in a theme; what is no theme is dark, as is right for a control room.

    ``chart_script`` is the address of plotly for a page that draws a chart at once: it then stands ready when the chart is
    asked for, instead of being fetched and read only then.
    """
    script = f'<script src="{chart_script}"></script>' if chart_script else ""
    return index.replace(THEME_MARK, theme if theme in THEMES else "dark").replace(CHARTS_MARK, script)


def root(page: Any = None, drawn: str | None = None) -> html.Div:
    """What stays while pages come and go: the address, the page's place, one polite and one assertive region.

    ``page`` stands there at once, where it is known; ``drawn`` is its address.
    """
    return html.Div(
        [
            dcc.Location(id=Ids.URL),
            dcc.Location(id=Ids.WAY, refresh="callback-nav"),
            html.Div(page, id=Ids.PAGE, **attributes(data_drawn=drawn)),
            html.Div(id=Ids.NOTICE, className="notice", role="status", **attributes(aria_live="polite")),
            html.Div(id=Ids.ALARM, className="notice notice-alarm", role="alert", **attributes(aria_live="assertive")),
        ]
    )


def frame(shell: Shell, content: Any, path: str = "") -> html.Div:
    """A page in its frame. ``path`` is the address without its query: it marks the page in the bar."""
    single: Any = {SINGLE_KEYS: "on" if shell.single_keys else "off"}
    name = keys.page_of(path)
    return html.Div(
        [
            html.A("Skip to the page", href=f"#{Ids.MAIN}", className="skip"),
            html.Header(
                [
                    _bar(shell, path),
                    *_major(shell, path),
                    *([_demonstration()] if shell.demonstration else []),
                    *_policy(shell),
                ]
            ),
            html.Main(content, id=Ids.MAIN, tabIndex=-1),
            *([] if shell.kiosk else [keys.sheet(name, shell.permissions, shell.single_keys)]),
        ],
        id=Ids.FRAME,
        className="frame frame-kiosk" if shell.kiosk else "frame",
        **single,
    )


def _bar(shell: Shell, path: str) -> html.Div:
    zone = shell.workspace.zone if shell.workspace else "Europe/London"
    live = html.Span(
        html.Span("connecting", id=Ids.LIVE_AGE, className="live-age", **attributes(data_live="unknown")),
        className="live",
    )
    parts = [
        *([] if shell.kiosk else [html.Span("Watchroom", className="brand")]),
        *([] if shell.kiosk else [_navigation(shell, path), *_boards(shell, path)]),
        _place(shell),
        live,
        html.Span(id=Ids.CLOCK, className="clock", **attributes(data_clock="true", data_zone=zone)),
        *([] if shell.kiosk else [*_alarmed(shell, path), *_called(shell, path), keys.opener(), _person(shell)]),
    ]
    return html.Div(parts, className="bar")


def _called(shell: Shell, path: str) -> list[Any]:
    """Notes that call the person to a conversation: how many they have not read, and the way to all of them."""
    page = by_name("notifications")
    if shell.workspace is None or page.permission not in shell.permissions:
        return []
    link = dcc.Link(called(shell.unread), href=links.page(page.path, shell.workspace.slug), id=Ids.UNREAD)
    here = attributes(data_key=keys.PLACES["notifications"], aria_current="page" if path == page.path else None)
    return [html.Span([dcc.Store(id=Ids.UNREAD_LIVE), link], className="called-for", **here)]


def _alarmed(shell: Shell, path: str) -> list[Any]:
    """Alarms that call the person: how many, and the way to all of them."""
    page = by_name("alarms")
    if shell.workspace is None or page.permission not in shell.permissions:
        return []
    link = dcc.Link(alarmed(shell.alarms), href=links.page(page.path, shell.workspace.slug), id=Ids.ALARMS)
    here = attributes(data_key=keys.PLACES["alarms"], aria_current="page" if path == page.path else None)
    return [html.Span([dcc.Store(id=Ids.ALARMS_LIVE), link], className="called-for alarmed-for", **here)]


def alarmed(calling: int) -> list[Any]:
    """The sign and the number, and what it means for those who do not see it."""
    if not calling:
        return ["! ", html.Span("no alarm calls you", className="visually-hidden")]
    said = "alarm calls you" if calling == 1 else "alarms call you"
    return [
        html.Strong(f"! {wording.number(calling)}", className="unread"),
        html.Span(f" {said}", className="visually-hidden"),
    ]


def called(unread: int) -> list[Any]:
    """The sign and the number, and what it means for those who do not see it."""
    if not unread:
        return ["@ ", html.Span("nothing new for you", className="visually-hidden")]
    return [
        html.Strong(f"@ {wording.number(unread)}", className="unread"),
        html.Span(" unread for you", className="visually-hidden"),
    ]


def permitted(shell: Shell) -> list[Page]:
    """The pages of the bar that this person may open."""
    return [page for page in PAGES if page.icon and page.permission in shell.permissions]


def _navigation(shell: Shell, path: str) -> html.Nav:
    slug = shell.workspace.slug if shell.workspace else None
    entries = []
    for page in permitted(shell):
        here = path == page.path or path.startswith(f"{page.path}/")
        link = dcc.Link(page.title, href=links.page(page.path, slug))
        entries.append(
            html.Li(link, **attributes(data_key=keys.PLACES.get(page.name), aria_current="page" if here else None))
        )
    return html.Nav(html.Ul(entries), className="pages", **attributes(aria_label="Pages"))


def _boards(shell: Shell, path: str) -> list[Any]:
    """On the wallboard, the way to its other boards."""
    start = f"{by_name('wallboard').path}/"
    if shell.workspace is None or not path.startswith(start):
        return []
    here = path.removeprefix(start)
    names = dict(BOARDS)
    choices = [
        html.Li(dcc.Link(names[one], href=links.board(one, shell.workspace.slug))) for one in names if one != here
    ]
    if Permission.READ_TRAIL in shell.permissions:
        choices.append(html.Li(html.A("As it was", href=links.earlier("/wallboard/main", shell.workspace.slug))))
    return [
        html.Details(
            [html.Summary(names.get(here, "Board")), html.Ul(choices, className="choices")], className="boards drop"
        )
    ]


def _place(shell: Shell) -> Any:
    """The workspace, and the others that this person may change to."""
    if shell.workspace is None:
        return html.Span("No workspace", className="place")
    others = [one for one in shell.workspaces if one.slug != shell.workspace.slug]
    if not others or shell.kiosk:
        return html.Span(remote(shell.workspace.name), className="place")
    choices = [html.Li(html.A(remote(one.name), href=f"?workspace={one.slug}")) for one in others]
    return html.Details(
        [html.Summary(remote(shell.workspace.name)), html.Ul(choices, className="choices")],
        className="place drop",
    )


def _person(shell: Shell) -> html.Span:
    return html.Span(
        [html.A(remote(shell.user), href="/me", className="user"), html.A("Sign out", href="/sign-out")],
        className="person",
    )


def _major(shell: Shell, path: str) -> list[Any]:
    """The place of the banner of a major incident, and what tells it to look again."""
    if Permission.VIEW_BOARD not in shell.permissions:
        return []
    place = html.Div(banner(shell.major, shell.workspace, path), id=Ids.MAJOR)
    return [dcc.Store(id=Ids.MAJOR_LIVE), place]


def _policy(shell: Shell) -> list[html.P]:
    """That a version of the policy waits to be read."""
    if shell.policy is None or shell.workspace is None:
        return []
    link = html.A("Read and acknowledge it", href=links.page("/policy", shell.workspace.slug))
    said = f"Version {shell.policy} of the social-media policy waits for you. "
    return [html.P([said, link], className="policy-owed")]


def _demonstration() -> html.P:
    return html.P("Demonstration: every message here is invented.", className="demonstration")
