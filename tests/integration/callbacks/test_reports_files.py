"""Every file that the program gives out, of a workspace in which every text is hostile: text stays text."""

import csv
import io
import re

import openpyxl
import pytest

from data import exports
from data.people import grant
from models.audit import COMMAND
from models.permissions import BUILT_IN_ROLES
from tests.asking import rules
from tests.hostile import poison
from tests.rows import NOW, add_conversation, add_member
from tests.visits import Visitor

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "|", "%")


@pytest.fixture
def everything(server, database, north):
    """Somebody who may take anything away, in a workspace where nothing that was written is harmless."""
    add_conversation(database, north, NOW)
    add_conversation(database, north, NOW, "Another")
    who = add_member(database, north, "ann", "Supervisor")
    for role in sorted(set(BUILT_IN_ROLES) - {"Supervisor"}):
        grant(database, north, who, role, NOW, COMMAND)
    poison(database, north, NOW)
    visitor = Visitor(server)
    assert visitor.sign_in("ann").status_code == 302
    return visitor


def files(server):
    """An address of every file: each word that may stand in it, each ending."""
    found = []
    for rule in rules(server):
        words = {name: getattr(rule._converters[name], "items", ["1"]) for name in rule.arguments}
        addresses = [{}]
        for name, choices in words.items():
            addresses = [one | {name: choice} for one in addresses for choice in choices]
        found += [rule.build(one)[1] for one in addresses]
    return sorted(address for address in found if address.endswith((".csv", ".xlsx")))


def cells_of(answer, address):
    """Texts of the file that a spreadsheet would take for more than text."""
    if address.endswith(".csv"):
        read = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
        cells = [cell for row in read for cell in row]
        return [cell for cell in cells if cell.startswith(RISKY) and not NUMBER.fullmatch(cell)], len(cells)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink], len(cells)


def risky_cells(server, visitor):
    """Every such cell of every file, and how many cells there are."""
    wrong, looked = [], 0
    for address in files(server):
        answer = visitor.get(f"{address}?workspace=north")
        assert answer.status_code == 200, address
        risky, number = cells_of(answer, address)
        looked += number
        wrong += [f"{address}: {cell!r}" for cell in risky]
    return wrong, looked


def test_no_cell_of_any_file_is_a_formula(server, everything):
    assert len(files(server)) >= 12
    wrong, looked = risky_cells(server, everything)
    assert wrong == []
    assert looked > 300


def test_a_file_that_lets_texts_through_as_they_are_would_be_found(server, everything, monkeypatch):
    monkeypatch.setattr(exports, "harmless", str)
    wrong, _ = risky_cells(server, everything)
    assert len(wrong) > 5
