"""Builds the program. Importing this module, or running any command but ``serve``, starts nothing."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from callbacks import (
    admin,
    api,
    audit,
    callers,
    compression,
    events,
    guard,
    headers,
    me,
    operations,
    passkeys,
    policy,
    presence,
    privacy,
    problems,
    proving,
    reports,
    routing,
    seen,
    serving,
    signin,
    signon,
    statics,
    survey,
    tokens,
    tracking,
    watch,
)
from callbacks.house import House, move_in
from callbacks.live import frame_makers
from callbacks.routing import ThemedDash
from data import commands
from data.anchors import anchor_path
from data.chain_check import ChainChecks
from data.clock import Clock, utc_now
from data.database import Database
from data.live import Hub
from data.majors import major_now
from data.pictures import Pictures
from data.queries.boards import hours_board, response_board
from data.queries.wallboard import wallboard
from data.readiness import Readiness
from data.settings import Settings, load_settings
from data.throttle import Throttle
from data.trials import Trials
from data.version import START, VERSION
from layouts import shell

PICTURES = {"main": wallboard, "hours": hours_board, "response": response_board, "major": major_now}
LARGEST_BODY = 1_000_000
"""Bytes of one request. Nothing that a page sends comes near it."""


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Flask:
    """The program for these settings (by default the environment's). Raises ``BadSetting``."""
    settings = settings or load_settings()
    server = make_server(settings)
    statics.register_statics(server, charts=("/wallboard", "/reports"))
    app = make_dash(server)
    move_in(server, furnish(settings, clock, app))
    callers.register(server)
    server.before_request(guard.at_the_door)
    CSRFProtect(server)
    problems.register(server)
    signin.register(server)
    me.register(server)
    tokens.register(server)
    proving.register(server)
    passkeys.register(server)
    policy.register(server)
    survey.register(server)
    tracking.register(server)
    signon.register(server)
    events.register(server)
    seen.register(server)
    presence.register(server)
    watch.register(server)
    api.register(server)
    reports.register_files(server)
    audit.register_server(server)
    routing.register(app)
    admin.register_routes(server)
    privacy.register_routes(server)
    operations.register(server)
    serving.register(server)
    commands.register(server.cli)
    compression.register(server)
    headers.register(server, app, settings.secure)
    return server


def furnish(settings: Settings, clock: Clock, app: ThemedDash) -> House:
    """What the requests of a server work with: its database, its live hub, and what they keep between them."""
    database = Database(settings.database_url, settings.audit_key.get_secret_value().encode())
    pictures = Pictures(database, clock, PICTURES)
    hub = Hub(database, clock, frame_makers(pictures), screens=settings.screens, version=f"{VERSION} {START}")
    return House(
        database=database,
        settings=settings,
        clock=clock,
        hub=hub,
        throttle=Throttle(),
        dash=app,
        pictures=pictures,
        readiness=Readiness(database, clock),
        checks=ChainChecks(database, clock, anchor_path(settings.database_url, settings.var)),
        trials=Trials(database, clock),
    )


def make_server(settings: Settings) -> Flask:
    """A Flask server with careful cookies, which knows of a proxy only where one is set."""
    server = Flask(__name__, static_folder=None, template_folder="layouts/plain")
    server.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SESSION_COOKIE_NAME="watchroom",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.public_url:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return server


def make_dash(server: Flask) -> ThemedDash:
    """Dash on that server: no event loop for each callback, no second door for agents, nothing from another host."""
    return ThemedDash(
        __name__,
        server=server,
        use_async=False,
        enable_mcp=False,
        title="Watchroom",
        index_string=shell.index_string(),
        update_title="",
        assets_folder="assets",
        **statics.own_files(),
        external_stylesheets=statics.stylesheets(),
        serve_locally=True,
        suppress_callback_exceptions=True,
        on_error=problems.told,
    )
