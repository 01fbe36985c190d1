"""Webhooks: add one, try it, turn it off and on, give it another secret, remove it, and begin anew with a call."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import box, house
from data import webhooks as data
from data.queries.admin.webhooks import webhooks
from layouts.admin import webhooks as layout
from models.permissions import Scope
from models.problems import BadValue
from models.webhooks import LONGEST_ADDRESS, LONGEST_NAME

SECRET = "Secret of the webhook"  # noqa: S105  # nosec B105 - a label
SHOWN_ONCE = "Put it into the program that is told: it checks our signatures with it. It is not shown again."


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(webhooks(house().database, scope, house().clock()))


def add(scope: Scope, _of: str, fields: Fields) -> Done:
    home = house()
    events = [name.partition(":")[2] for name in fields.ticked("event")]
    name, address = fields.text("name", LONGEST_NAME), fields.text("address", LONGEST_ADDRESS)
    secret = data.add_webhook(home.database, box(), scope, name, address, events, home.clock())
    return Done("It is told from now on. Send it a test.", reveal=(SECRET, secret, SHOWN_ONCE))


def test(scope: Scope, of: str, _fields: Fields) -> Done:
    data.try_out(house().database, scope, key_of(of), house().clock())
    return Done("A test is on its way. The log says what became of it: open this tab again in a few seconds.")


def off(scope: Scope, of: str, _fields: Fields) -> Done:
    data.set_off(house().database, scope, key_of(of), True, house().clock())
    return Done("It is told nothing any more.", undo=("webhooks.on", of, {}))


def on(scope: Scope, of: str, _fields: Fields) -> Done:
    data.set_off(house().database, scope, key_of(of), False, house().clock())
    return Done("It is told again, of what happens from now on.")


def renew(scope: Scope, of: str, _fields: Fields) -> Done:
    secret = data.renew_secret(house().database, box(), scope, key_of(of), house().clock())
    return Done("The secret before signs nothing any more.", reveal=(SECRET, secret, SHOWN_ONCE))


def remove(scope: Scope, of: str, fields: Fields) -> Done:
    """Only where it was confirmed: its address and secret are gone for good."""
    if not fields.flag("sure"):
        raise BadValue("webhook", "tick that its address and secret go for good, then remove it")
    data.remove_webhook(house().database, scope, key_of(of), house().clock())
    return Done("It is removed. Its address and its secret are gone.")


def again(scope: Scope, of: str, _fields: Fields) -> Done:
    data.call_again(house().database, scope, key_of(of), house().clock())
    return Done("It is tried again now.")


ACTS: dict[str, Act] = {
    "webhooks.add": add,
    "webhooks.test": test,
    "webhooks.off": off,
    "webhooks.on": on,
    "webhooks.renew": renew,
    "webhooks.remove": remove,
    "webhooks.again": again,
}
