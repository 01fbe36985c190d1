"""Which lines and branches of the program the tests ran, where the variable COVERING names a folder for what was found.

`python -m tests.covering FOLDER EVERYTHING CORE PATTERN...` adds up what every process left there, names what no test ran,
and fails where less than EVERYTHING percent of the program ran, or less than CORE percent of the files of the patterns.

coverage.py watches through the interpreter's trace function, which doubled the time of tests. SlipCover writes marks into
the code when it is imported and takes them out once they were met.
"""

import json
import os
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import slipcover

ROOT = Path(__file__).parent.parent

ROOMS = ("models", "data", "layouts", "callbacks")

MIGRATIONS = "models/migrations/"
"""Not measured: Alembic loads them past the import system. ``tests/migrations`` walks every one, forth and back."""

NOT_MEANT_TO_RUN = (r"if TYPE_CHECKING:", r"@(typing\.)?overload", r"^\s*\.\.\.$")


class Covering:
    """Measures this process from the moment it is made, which must be before the program is imported."""

    def __init__(self, folder: Path) -> None:
        rooms = [str(ROOT / room) for room in ROOMS]
        self._folder = folder
        self._cover = slipcover.Slipcover(branch=True, source=rooms, exclude_lines=list(NOT_MEANT_TO_RUN))
        program = slipcover.FileMatcher(sources=[*rooms, str(ROOT / "app.py")])
        slipcover.ImportManager(self._cover, program).__enter__()

    def write(self) -> None:
        """Leave what was run so far as a file of this process in the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{os.getpid()}.json").write_text(json.dumps(self._cover.get_coverage()))


def begin() -> Covering | None:
    """Begin to measure, where COVERING says into which folder."""
    folder = os.environ.get("COVERING")
    return Covering(Path(folder)) if folder else None


def share(files: list[dict[str, Any]]) -> float:
    """Percent of the lines and branches that ran."""
    sums = [file["summary"] for file in files]
    ran = sum(each["covered_lines"] + each["covered_branches"] for each in sums)
    missed = sum(each["missing_lines"] + each["missing_branches"] for each in sums)
    return 100.0 if ran + missed == 0 else 100 * ran / (ran + missed)


def main(folder: str, everything: str, core: str, *patterns: str) -> int:
    """Say what was covered; 1 where it was too little, 2 where nothing was measured."""
    left = [json.loads(path.read_text()) for path in sorted(Path(folder).glob("*.json"))]
    if not left:
        print(f"Nothing was measured: {folder} holds no file", file=sys.stderr)
        return 2
    covered, *others = left
    for other in others:
        slipcover.merge_coverage(covered, other)
    covered["files"] = {name: file for name, file in covered["files"].items() if not name.startswith(MIGRATIONS)}
    everywhere = list(covered["files"].values())
    slipcover.print_coverage(covered, skip_covered=True, missing_width=120)
    of_core = [file for name, file in covered["files"].items() if any(fnmatch(name, pattern) for pattern in patterns)]
    found = (("everything", share(everywhere), float(everything)), ("the core", share(of_core), float(core)))
    for what, percent, floor in found:
        print(f"{percent:.1f}% of {what} was covered; at least {floor:g}% must be")
    return int(any(percent < floor for _, percent, floor in found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
