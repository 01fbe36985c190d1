"""The time between two instants, worked out by the database: whole microseconds on both kinds."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class length_between(GenericFunction[int]):
    """``length_between(begin, end)`` in microseconds; NULL where either is."""

    type = BigInteger()
    inherit_cache = True


@compiles(length_between, "sqlite")
def _sqlite(element: length_between, compiler: SQLCompiler, **how: Any) -> str:
    begin, end = element.clauses.clauses
    return f"({compiler.process(end, **how)} - {compiler.process(begin, **how)})"


@compiles(length_between, "postgresql")
def _postgres(element: length_between, compiler: SQLCompiler, **how: Any) -> str:
    begin, end = element.clauses.clauses
    seconds = f"EXTRACT(EPOCH FROM ({compiler.process(end, **how)} - {compiler.process(begin, **how)}))"
    return f"CAST({seconds} * 1000000 AS BIGINT)"
