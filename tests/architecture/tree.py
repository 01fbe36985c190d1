"""What is in the house now. Tests walk this, so that what is added tomorrow is held to the same rules."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "data", "layouts", "callbacks")


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the project: in git, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(name for name in set(listed) if (ROOT / name).is_file()))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def python_in(*rooms: str) -> list[str]:
    """Python files of rooms (folders) and, under the name `app`, of the root's `app.py`."""
    starts = tuple(f"{room}/" for room in rooms)
    return [n for n in tracked() if n.endswith(".py") and (n.startswith(starts) or ("app" in rooms and n == "app.py"))]


def source_files() -> list[str]:
    """Our own Python that runs, without the migrations, which are written once and never edited."""
    return [name for name in python_in(*ROOMS, "app") if not name.startswith("models/migrations/versions/")]


def page_text_files() -> list[str]:
    """Our own scripts, style sheets, drawings and templates."""
    ours = ("assets/", "layouts/plain/")
    kinds = (".js", ".mjs", ".css", ".svg", ".html", ".jinja", ".txt", ".json")
    return [name for name in tracked() if name.startswith(ours) and name.endswith(kinds)]
