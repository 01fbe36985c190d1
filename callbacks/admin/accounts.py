"""Accounts: connect, test, rotate, pause, change."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import box, house
from data import accounts as data
from data.audit import actor_of
from data.channels.contract import ChannelFailure
from data.offers import check_by_web, offers
from data.queries.admin.accounts import accounts
from layouts.admin import accounts as layout
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound

MOST_POSTS = 10**9


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab as its address says."""
    chosen = key_of(fields["account"]) if "account" in fields else None
    try:
        return layout.body(accounts(house().database, scope, house().clock(), chosen))
    except NotFound:
        return layout.body(accounts(house().database, scope, house().clock()))


def add(scope: Scope, of: str, fields: Fields) -> Done:
    """Connect an account by the connector that the form is of."""
    scope.require(Permission.ADMINISTER)
    if of not in offers():
        raise BadValue("connector", "only the command “account” on the server may connect it")
    settings = {name: value.strip() for name, value in fields.starting("setting").items() if value.strip()}
    check_by_web(of, settings, {})
    new = data.NewAccount(
        connector=of,
        handle=fields.text("handle", 100),
        settings=settings,
        credentials=fields.starting("credential"),
        owner=fields.text("owner"),
        purpose=fields.text("purpose", 500),
    )
    home = house()
    key = data.add_account(home.database, box(), scope.workspace_id, new, home.clock, actor_of(scope))
    return Done("The account is connected and asked within ten seconds. Test it now.", undo=("accounts.pause", key, {}))


def test(scope: Scope, of: str, _fields: Fields) -> Done:
    """Ask the network whose credentials these are. What it refuses is said as it says it."""
    scope.require(Permission.ADMINISTER)
    home = house()
    try:
        said = data.test_account(home.database, box(), scope.workspace_id, key_of(of), home.clock, actor_of(scope))
    except ChannelFailure as failure:
        raise BadValue("the network", str(failure)[:200] or "it did not answer as it should") from None
    return Done(f"The network answers: these are the credentials of {said}.")


def rotate(scope: Scope, of: str, fields: Fields) -> Done:
    scope.require(Permission.ADMINISTER)
    home, new = house(), fields.starting("credential")
    data.rotate_credentials(home.database, box(), scope.workspace_id, key_of(of), new, home.clock, actor_of(scope))
    return Done("The new credentials are kept. Test them now.")


def change(scope: Scope, of: str, fields: Fields) -> Done:
    scope.require(Permission.ADMINISTER)
    home = house()
    data.change_keeping(
        home.database,
        scope.workspace_id,
        key_of(of),
        data.Keeping(
            owner=fields.text("owner"),
            purpose=fields.text("purpose", 500),
            interval=fields.number("interval", data.SHORTEST_INTERVAL, data.LONGEST_INTERVAL),
            budget=fields.maybe("budget", 1, MOST_POSTS),
            watch_hours=fields.text("watch_hours"),
            call=fields.text("call"),
        ),
        home.clock,
        actor_of(scope),
    )
    return Done("The account is saved.")


def pause(scope: Scope, of: str, _fields: Fields) -> Done:
    scope.require(Permission.ADMINISTER)
    data.pause_account(house().database, scope.workspace_id, key_of(of), house().clock(), actor_of(scope))
    return Done("The account is not asked any more, and nothing is sent by it.", undo=("accounts.resume", of, {}))


def resume(scope: Scope, of: str, _fields: Fields) -> Done:
    scope.require(Permission.ADMINISTER)
    data.resume_account(house().database, scope.workspace_id, key_of(of), house().clock(), actor_of(scope))
    return Done("The account is asked again, from where reading stopped.", undo=("accounts.pause", of, {}))


ACTS: dict[str, Act] = {
    "accounts.add": add,
    "accounts.test": test,
    "accounts.rotate": rotate,
    "accounts.change": change,
    "accounts.pause": pause,
    "accounts.resume": resume,
}
