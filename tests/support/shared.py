"""What all tests of one process share: SQL that was compiled once, objects the collector need not count again."""

import gc
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[Any, Any] = LRUCache(5_000)
"""A server compiles a statement once; tests, each with an engine of its own, spent a fifth of their time on it."""


def share_compiled() -> None:
    """Let every engine of one database take statements that another has compiled, as one long-lived engine would."""

    def created(_kind: type[Any], engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)

    def same(one: object, other: object) -> bool:
        return type(one) is type(other)

    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        # a compiled statement is looked up by its dialect, and each engine makes its own with the same settings
        for name, way in {"engine_created": classmethod(created), "__eq__": same, "__hash__": _kind}.items():
            setattr(dialect, name, way)


def _kind(dialect: object) -> int:
    return hash(type(dialect))


def settle() -> None:
    """Everything that is here now stays: the collector looks at what tests make, and not at each hundredth object."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
