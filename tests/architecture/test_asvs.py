"""The map of security requirements is true as far as a machine can say: what it names is there, and what is met is shown."""

import re
from collections import Counter

from tests.architecture import tree

MAP = "docs/asvs.md"
STATES = {"met", "document", "untested", "deployment", "NOT MET", "no"}
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FILE = re.compile(r"\]\(([\w-]+\.md)\)")


def rows(text):
    """Number, state and what shows it, of each line."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:3].strip("| ")
    ]
    return [(found[0], found[3], found[5]) for found in cells if len(found) == 6 and found[0][:1].isdigit()]


def faults(text, read):
    """What is wrong with a map; `read` gives a file's text, None where there is none."""
    wrong = [f"{number}: {state}" for number, state, _ in rows(text) if state not in STATES]
    wrong += [f"{number} twice" for number, times in Counter(row[0] for row in rows(text)).items() if times > 1]
    for number, state, shown in rows(text):
        tests, files = TEST.findall(shown), FILE.findall(shown)
        if (state == "met" and not tests) or (state == "document" and not files):
            wrong.append(f"{number}: nothing shows it")
        wrong += [f"{number}: {name}" for file, name in tests if f"def {name}(" not in (read(file) or "")]
        wrong += [f"{number}: {file}" for file in files if read(f"docs/{file}") is None]
    return wrong


def stored(name):
    return tree.text(name) if name in tree.tracked() else None


def test_every_line_names_what_is_there():
    assert faults(tree.text(MAP), stored) == []


def test_every_chapter_is_there():
    assert {int(number.split(".")[0]) for number, _, _ in rows(tree.text(MAP))} == set(range(1, 17))


def test_a_line_that_shows_nothing_or_what_is_gone_is_found():
    line = "| 1.1.1 | 2 | Decode once | {} | as it comes | {} |"
    sound = "`tests/unit/test_a.py::test_one`"
    read = {"tests/unit/test_a.py": "def test_one():", "docs/a.md": ""}.get
    assert faults(line.format("met", sound), read) == []
    assert faults(line.format("document", "[a](a.md)"), read) == []
    assert faults(line.format("met", ""), read) == ["1.1.1: nothing shows it"]
    assert faults(line.format("document", ""), read) == ["1.1.1: nothing shows it"]
    assert faults(line.format("met", sound.replace("one", "on")), read) == ["1.1.1: test_on"]
    assert faults(line.format("document", "[b](b.md)"), read) == ["1.1.1: b.md"]
    assert faults(line.format("perhaps", ""), read) == ["1.1.1: perhaps"]
    assert faults("\n".join([line.format("no", "")] * 2), read) == ["1.1.1 twice"]
