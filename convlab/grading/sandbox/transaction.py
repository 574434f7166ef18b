"""All that is written into a gradebook within a block, as one transaction.

nbgrader opens the gradebook for each of its steps and commits grade by grade. A gradebook that is opened by the address
that :func:`one_transaction` gives shares one connection with all others in the block, where a commit is a savepoint.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import create_engine, make_url
from sqlalchemy.dialects import plugins
from sqlalchemy.engine import URL, CreateEnginePlugin, Engine
from sqlalchemy.pool import StaticPool

__all__ = ["one_transaction"]

PLUGIN = "one_transaction"
MARK = "submission"  # the savepoint
PATIENCE = 60_000  # milliseconds that SQLite waits for others who write
_held: list["_Held"] = []  # the transaction that is open


class _Held:
    """A connection whose commits wait. It is opened when the first gradebook is: others can write until then."""

    def __init__(self, db_url):
        self.engine, self.connection = create_engine(db_url), None

    def open(self):
        if self.connection is None:
            self.connection = self.engine.raw_connection()
            if self.engine.dialect.name == "sqlite":
                self.connection.driver_connection.isolation_level = None  # Python's driver begins nothing by itself
                self._run(f"PRAGMA busy_timeout = {PATIENCE}", "BEGIN IMMEDIATE")
            self._run(f"SAVEPOINT {MARK}")
        return self.connection.driver_connection

    def keep(self, connection):
        self._run(f"RELEASE SAVEPOINT {MARK}", f"SAVEPOINT {MARK}")

    def undo(self, connection):
        self._run(f"ROLLBACK TO SAVEPOINT {MARK}")

    def commit(self):
        if self.connection is not None:
            self.connection.commit()

    def close(self):
        """Undo what is not committed."""
        if self.connection is not None:
            self.connection.rollback()
            self.connection.invalidate()  # its settings are none for others
        self.engine.dispose()

    def _run(self, *statements):
        cursor = self.connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()


class SharedConnection(CreateEnginePlugin):
    """What the address asks SQLAlchemy for: an engine on the connection of the open transaction."""

    def __init__(self, url: URL, kwargs: dict[str, Any]):
        super().__init__(url, kwargs)
        kwargs |= {"creator": _held[-1].open, "poolclass": StaticPool}

    def update_url(self, url: URL) -> URL:
        return url.difference_update_query(["plugin"])

    def engine_created(self, engine: Engine) -> None:
        held, dialect = _held[-1], engine.dialect
        dialect.do_commit, dialect.do_rollback = held.keep, held.undo  # type: ignore[method-assign]
        dialect.do_close = lambda connection: None  # type: ignore[method-assign, assignment]


plugins.register(PLUGIN, __name__, SharedConnection.__name__)


@contextlib.contextmanager
def one_transaction(db_url: str) -> Iterator[str]:
    """Keep everything that gradebooks commit in the block, or nothing if it ends with an exception.

    The gradebooks must be opened by the address that this gives, in place of ``db_url``.

    Examples
    --------
    >>> import tempfile
    >>> from sqlalchemy import text
    >>> def do(db_url, words):
    ...     engine = create_engine(db_url)
    ...     with engine.begin() as connection:
    ...         return connection.execute(text(words))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     db_url = f"sqlite:///{folder}/gradebook.db"
    ...     done = do(db_url, "CREATE TABLE grade (points INTEGER)")
    ...     with contextlib.suppress(ZeroDivisionError), one_transaction(db_url) as shared:
    ...         done = do(shared, "INSERT INTO grade VALUES (7)")
    ...         1 / 0
    ...     with create_engine(db_url).connect() as connection:
    ...         print(connection.execute(text("SELECT points FROM grade")).all())
    []
    """
    held = _Held(db_url)
    _held.append(held)
    try:
        yield make_url(db_url).update_query_dict({"plugin": PLUGIN}, append=True).render_as_string(hide_password=False)
        held.commit()
    finally:
        _held.remove(held)
        held.close()
