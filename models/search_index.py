"""The index of words, as the migrations make it: which texts are in it, and how a text is cut into words.

SQLite: one FTS5 table for each source, without a copy of the text, kept by triggers. Postgres: an index over a column that the
database works out. Both follow every row that is written, changed or deleted, in the same transaction and whoever writes
it, and hold a text as long as its row does. To add a source: a line in ``SOURCES``, a migration that runs
``making(dialect, source)``, and what its hits lead to in ``data/queries/search.py``.
"""

import sqlite3
from dataclasses import dataclass

MOST_INDEXED = 100_000
"""Characters of one text that are indexed: four times the longest post of any network."""

LATIN = dict(
    zip(
        "łŁđĐðÐøØħĦþÞŧŦıæÆœŒ",
        ["l", "l", "d", "d", "d", "d", "o", "o", "h", "h", "t", "t", "t", "t", "i", "ae", "ae", "oe", "oe"],
        strict=True,
    )
)
ARABIC = dict(zip("يىكہ", "ییکه", strict=True))
ALIKE = LATIN | ARABIC
"""Letters that Unicode keeps apart and people do not. Like those of ``models/folding.py``, as far as an index can be told."""
VOWELS = "".join(map(chr, [0x640, *range(0x64B, 0x653), 0x670]))
"""Arabic marks that are mostly left out in writing."""
MARKS = "".join(map(chr, range(0x300, 0x370)))
UNHEARD = VOWELS + MARKS
WORDS = "search_words"
"""The column of a source's words on Postgres. No entity knows it: nobody reads it but a search."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose ``columns`` are searched together. It must have ``id`` and ``workspace_id``."""

    table: str
    columns: tuple[str, ...]

    @property
    def index(self) -> str:
        """The name of its index."""
        return f"search_{self.table}"


MESSAGES = Source("message", ("text",))
CONTACTS = Source("contact", ("name", "handle"))
NOTES = Source("note", ("text",))
SOURCES = (MESSAGES, CONTACTS, NOTES)


def is_index(name: str | None) -> bool:
    """Whether a table or an index of the database belongs to the index of words, and so to no entity."""
    return (name or "").startswith("search_")


def making(dialect: str, source: Source) -> list[str]:
    """The statements that make the index of a source; the last one fills it with the rows that are there."""
    return _sqlite(source) if dialect == "sqlite" else _postgres(source)


def home(workspace_id: int) -> str:
    """The word that marks a workspace's rows on SQLite."""
    return f"w{workspace_id}"


def _sqlite(source: Source) -> list[str]:
    table, index = source.table, source.index
    options = "content='', columnsize=0, prefix='2 3'"
    tokens = "tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\""
    put = f"INSERT INTO {index} (rowid, home, words) "
    take = f"INSERT INTO {index} ({index}, rowid, home, words) "
    new, old = _sqlite_row("new", source), _sqlite_row("old", source)
    other = " OR ".join(f"old.{name} IS NOT new.{name}" for name in source.columns)
    named = ", ".join(source.columns)
    drop = f"{take}VALUES ('delete', {old});"
    found = [
        f"CREATE VIRTUAL TABLE {index} USING fts5(home, words, {options}, {tokens})",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {put}VALUES ({new}); END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {drop} END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {named} ON {table} WHEN {other} "
        f"BEGIN {drop} {put}VALUES ({new}); END",
        f"{put}SELECT {_sqlite_row(table, source)} FROM {table}",  # noqa: S608  # nosec B608
    ]
    if sqlite3.sqlite_version_info >= (3, 42):
        found.insert(1, f"INSERT INTO {index} ({index}, rank) VALUES ('secure-delete', 1)")  # noqa: S608  # nosec B608
    return found


def _sqlite_row(row: str, source: Source) -> str:
    texts = " || ' ' || ".join(f"{row}.{name}" for name in source.columns)
    return f"{row}.id, 'w' || {row}.workspace_id, {_sqlite_fold(texts)}"


def _sqlite_fold(texts: str) -> str:
    """Case and accents are the tokenizer's; other letters are changed where there are any. A longer chain is too deep."""
    whole = f"substr({texts}, 1, {MOST_INDEXED})"
    arabic = _chain(whole, ARABIC | dict.fromkeys(VOWELS, ""))
    plain = f"length(CAST({whole} AS BLOB)) = length({whole})"
    return f"CASE WHEN {plain} THEN {whole} WHEN {whole} GLOB '*[\u0600-\u06ff]*' THEN {arabic} ELSE {_chain(whole, LATIN)} END"


def _chain(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = f"replace({text}, '{old}', '{new}')"
    return text


SIGNS = "".join(
    (
        r"\u0001-\u002f:-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7",
        r"\u055a-\u055f\u0589\u05be\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965",
        r"\u2000-\u206f\u20a0-\u20bf\u2100-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030",
        r"\ufe00-\ufe6f\uff01-\uff0f\U0001f000-\U0001faff",
    )
)
"""What is no part of a word, for Postgres, whose own idea of it depends on the locale of the server."""

POSTGRES_WORDS = (
    "CREATE FUNCTION search_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $fold$ "
    f"SELECT to_tsvector('pg_catalog.simple', regexp_replace(normalize(regexp_replace(normalize(translate("
    f"replace(replace(lower(left($1, {MOST_INDEXED}){{collation}}), 'æ', 'ae'), 'œ', 'oe'), "
    f"'łđðøħþŧı{''.join(ARABIC)}', 'lddohtti{''.join(ARABIC.values())}'), NFD), "
    f"'[{VOWELS}\\u0300-\\u036f]', '', 'g'), NFC), '[{SIGNS}]', ' ', 'g')) $fold$"
)


def _postgres(source: Source) -> list[str]:
    """The words stand in the row, worked out by the database: to look them up anew in each hit took a hundred times longer."""
    texts = " || ' ' || ".join(source.columns)
    return [
        f"ALTER TABLE {source.table} ADD COLUMN {WORDS} tsvector GENERATED ALWAYS AS (search_words({texts})) STORED",
        f"CREATE INDEX {source.index} ON {source.table} USING gin ({WORDS})",
    ]
