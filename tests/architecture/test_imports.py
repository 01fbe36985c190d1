"""The diamond: import-linter over the house as it is, and over a small house in which every ban is broken."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture import tree

# One breach for each contract, by (file, line); the name is a part of the contract's own.
PLANTED = {
    "models are pure": ("models/planted.py", "import data"),
    "data touches": ("data/planted.py", "import flask"),
    "layouts are handed": ("layouts/planted.py", "import sqlalchemy"),
    "callbacks read": ("callbacks/planted.py", "import pandas"),
    "tweepy only": ("data/intake.py", "import tweepy"),
    "APScheduler only": ("callbacks/health.py", "import apscheduler"),
}
ALLOWED = {"data/channels/x.py": "import tweepy", "data/schedule.py": "import apscheduler"}


def lint(folder: Path) -> subprocess.CompletedProcess:
    linter = shutil.which("lint-imports", path=Path(sys.executable).parent)
    return subprocess.run([linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def small_house(folder: Path, files: dict[str, str]) -> None:
    shutil.copy(tree.ROOT / "pyproject.toml", folder)
    for name in [f"{room}/__init__.py" for room in tree.ROOMS] + ["data/channels/__init__.py"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    for name, line in files.items():
        (folder / name).write_text(line + "\n")


def test_every_import_points_down():
    found = lint(tree.ROOT)
    assert found.returncode == 0, found.stdout


def test_every_contract_is_broken_by_its_breach(tmp_path):
    small_house(tmp_path, dict(PLANTED.values()) | ALLOWED)
    broken = [line for line in lint(tmp_path).stdout.splitlines() if " BROKEN" in line]
    contracts = tomllib.loads(tree.text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    assert len(contracts) == len(PLANTED) == len(broken)
    assert all(any(line.startswith(start) for line in broken) for start in PLANTED)


def test_tweepy_and_the_scheduler_are_allowed_in_their_one_place(tmp_path):
    small_house(tmp_path, ALLOWED)
    found = lint(tmp_path)
    assert found.returncode == 0, found.stdout
