"""Names of the parts of the queue. Each region has one owner."""

from enum import StrEnum


class Ids(StrEnum):
    PAGE = "queue"
    VIEWS = "queue-views"
    SEARCH = "queue-search"
    CAPTION = "queue-caption"
    FOUND = "queue-found"
    CHANNEL = "queue-channel"
    GRADE = "queue-grade"
    WHEN = "queue-when"
    ACCOUNT = "queue-account"
    HOLDER = "queue-holder"
    TEAM = "queue-team"
    TOPIC = "queue-topic"
    FLAG = "queue-flag"
    CLEAR = "queue-clear"
    VIEW_FORM = "view-form"
    VIEW_NAME = "view-name"
    VIEW_ROLE = "view-role"
    VIEW_SAVE = "view-save"
    VIEW_RENAME = "view-rename"
    VIEW_DELETE = "view-delete"
    VIEW_CHANGE = "view-change"
    MANY = "queue-many"
    MANY_TO = "many-to"
    MANY_MOVE = "many-move"
    MANY_OUTCOME = "many-outcome"
    MANY_CLOSE = "many-close"
    MANY_REASON = "many-reason"
    MANY_NONE = "many-none"
    PICKED = "queue-picked"
    PICKED_COUNT = "queue-picked-count"
    NEW = "queue-new"
    LIST = "queue-list"
    ROWS = "queue-rows"
    DATA = "queue-data"
    SHOWN = "queue-shown"
    TURN = "queue-turn"
    PANEL = "queue-panel"
    LIVE = "live-queue"


FIELDS = {
    "channel": Ids.CHANNEL,
    "grade": Ids.GRADE,
    "when": Ids.WHEN,
    "account": Ids.ACCOUNT,
    "holder": Ids.HOLDER,
    "team": Ids.TEAM,
    "topic": Ids.TOPIC,
    "flag": Ids.FLAG,
}
"""The lists that choose a filter, by the field of the address that they stand for."""
SAVED = "data-view"
"""Where the form of views keeps the key of the view that the list shows, if it is one that may be changed."""
ANY = "any"
"""What a filter's list says for no filter: an empty value would show nothing."""
