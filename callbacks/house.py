"""What the running program is made of, for whoever answers a request."""

from dataclasses import dataclass, field

from dash import Dash
from flask import Flask, current_app

from data.chain_check import ChainChecks
from data.clock import Clock
from data.credentials import CredentialsBox
from data.database import Database
from data.live import Hub
from data.pictures import Pictures
from data.readiness import Readiness
from data.settings import Settings
from data.throttle import Throttle
from data.tokens import Allowance
from data.tracking import Followers
from data.trials import Trials

KEY = "watchroom"


@dataclass(frozen=True, slots=True)
class House:
    """Made once for a server by ``app.furnish``. Nothing in it runs until ``flask --app app serve`` starts it."""

    database: Database
    settings: Settings
    clock: Clock
    hub: Hub
    throttle: Throttle
    dash: Dash
    pictures: Pictures
    readiness: Readiness
    checks: ChainChecks
    trials: Trials
    allowance: Allowance = field(default_factory=Allowance)
    followers: Followers = field(default_factory=Followers)


def move_in(server: Flask, house: House) -> None:
    """Make the house known to the server's requests."""
    server.extensions[KEY] = house


def house() -> House:
    """The house of the request, or of the command, under way."""
    found: House = current_app.extensions[KEY]
    return found


def box() -> CredentialsBox:
    """What secrets of people and accounts are locked with."""
    return CredentialsBox(house().settings.credentials_key.get_secret_value())
