"""The program as it is served (one gthread worker), and the same board on a one-second Interval, for measuring.

``python -m bench.stage live|interval FOLDER PORT SCREENS`` serves the demonstration from FOLDER. The socket ``control`` in
it takes one word a line: ``commit`` stores one new post through intake and answers its revision and the time of the
commit, ``cpu`` answers the seconds of processor time used so far.
"""

import json
import os
import shutil
import socket
import sys
import threading
import time
from functools import partial
from itertools import count
from pathlib import Path

from dash import Dash, Input, Output, dcc, html, no_update
from flask import Flask

from app import create_app
from callbacks.house import KEY
from callbacks.serving import Part, Program
from data.clock import utc_now
from data.database import Database, migrate
from data.demonstration.loading import STORY, accounts, load
from data.intake import take
from data.majors import major_now
from data.page import AccountFacts
from data.pictures import Pictures
from data.queries.wallboard import wallboard
from data.settings import Settings, load_settings
from layouts.boards import main
from layouts.wallboard import inbound_figure, page
from models.posts import Author, Batch, Direction, Kind, Post

TICK = "tick"
numbers = count(1)


def settings_of(folder: Path, port: int = 8050, screens: int = 64) -> Settings:
    """Settings of the database in ``folder``."""
    keys = {f"WATCHROOM_{name}_KEY": name * 8 for name in ("SECRET", "AUDIT", "CREDENTIALS")}
    return load_settings(
        keys
        | {
            "WATCHROOM_DATABASE_URL": f"sqlite:///{(folder / 'bench.db').resolve()}",
            "WATCHROOM_VAR": str(folder.resolve()),
            "WATCHROOM_PORT": str(port),
            "WATCHROOM_SCREENS": str(screens),
            "WATCHROOM_LOG_LEVEL": "warning",
        }
    )


def open_database(folder: Path) -> Database:
    """The database in ``folder``."""
    settings = settings_of(folder)
    return Database(settings.database_url, settings.audit_key.get_secret_value().encode())


def prepare(folder: Path) -> None:
    """Put an up-to-date demonstration into ``folder``. What was loaded once is copied by later runs."""
    kept = folder.with_name("demonstration.db")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if kept.exists():
        shutil.copyfile(kept, folder / "bench.db")
    migrate(settings_of(folder).database_url)
    database = open_database(folder)
    load(database, utc_now, lambda what, share: None)
    with database.write() as db:
        db.connection().exec_driver_sql("PRAGMA optimize")
    with database.reader.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    shutil.copyfile(folder / "bench.db", kept)


class Commits:
    """A part of the served program: stores one post at a time, and knows when each revision was committed."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.at: dict[int, float] = {}
        account = accounts(database)[0]
        self.account = AccountFacts(account.workspace_id, account.id, account.channel)
        database.listen(self._note)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / "control"))

    def start(self) -> None:
        """Answer on the socket, in a thread of its own."""
        self._door.listen(1)
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """The thread ends with the process."""

    def _note(self, _workspace_id: int, revision: int) -> None:
        # The wall clock: it is the one that the browser's times can be held against.
        self.at[revision] = time.time()

    def commit(self) -> dict:
        """One message by somebody new: its revision, and when it was committed (seconds since 1970)."""
        now, key = utc_now(), f"bench-{os.getpid()}-{next(numbers)}"
        post = Post(key, now, "Is the road open?", Kind.PUBLIC, Direction.IN, Author(key, key, "Somebody"))
        take(self.database, self.account, Batch((post,), ""), now, utc_now, polled=False, actor=STORY)
        revision = max(self.at)
        return {"revision": revision, "at": self.at[revision]}

    def answer(self, word: str) -> dict:
        """What a word of the control socket asks for."""
        if word == "commit":
            return self.commit()
        used = os.times()
        return {"cpu": used.user + used.system}

    def _serve(self) -> None:
        while True:
            caller, _ = self._door.accept()
            with caller, caller.makefile("rw") as lines:
                for line in lines:
                    lines.write(json.dumps(self.answer(line.strip())) + "\n")
                    lines.flush()


def live_parts(folder: Path, settings: Settings) -> tuple[Flask, list[Part]]:
    """The program itself with its hub, and without pollers: what is stored is what the bench stores."""
    server = create_app(settings)
    house = server.extensions[KEY]
    return server, [house.hub, Commits(house.database, folder)]


def interval_parts(folder: Path, settings: Settings) -> tuple[Flask, list[Part]]:
    """The same board, drawn again every second by a callback with an Interval: the usual way with Dash."""
    database = open_database(folder)
    commits = Commits(database, folder)
    pictures = Pictures(database, utc_now, {"main": wallboard, "major": major_now})
    server = Flask(__name__)
    app = Dash(__name__, server=server, use_async=False, enable_mcp=False, serve_locally=True, assets_folder="none")
    workspace_id = commits.account.workspace_id
    names = [
        (str(part), name) for part, said in main.tiles(pictures.take("main", workspace_id)).items() for name in said
    ]
    app.layout = partial(interval_page, pictures, workspace_id)
    outputs = [*(Output(part, name) for part, name in names), Output(main.Ids.INBOUND_CHART, "figure")]
    app.callback(outputs, Input(TICK, "n_intervals"))(partial(redraw, pictures, workspace_id, names))
    database.close()  # its connections must not be shared with the worker
    return server, [commits]


def interval_page(pictures: Pictures, workspace_id: int) -> html.Div:
    """The board with its Interval."""
    return html.Div([dcc.Interval(TICK, interval=1000), page(pictures.take("main", workspace_id))])


def redraw(pictures: Pictures, workspace_id: int, names: list[tuple[str, str]], _ticks: int | None) -> list:
    """Every tile, and the chart."""
    board = pictures.take("main", workspace_id)
    said = main.tiles(board)
    return [*(said.get(part, {}).get(name, no_update) for part, name in names), inbound_figure(board, "dark")]


if __name__ == "__main__":
    mode, folder, port, screens = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    chosen = settings_of(folder, port, screens)
    made, parts = (live_parts if mode == "live" else interval_parts)(folder, chosen)
    Program(made, chosen, parts).run()
