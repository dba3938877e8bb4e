"""Dagster's own event log in SQLite, with its connections kept open between events.

Dagster's class makes an engine and a connection anew for each of the thousand events of a night,
which was half of a night that brings nothing (benchmarks/event_log.py). Tables,
files and statements are Dagster's; where a later Dagster has no ``_connect``, this changes nothing.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import StaticPool

#: The index of all runs, and the runs that somebody looks at in the UI.
_MOST_OPEN = 4


class SteadyEventLog(SqliteEventLogStorage):
    """Named in dagster.yaml; one open connection a file, at most ``_MOST_OPEN`` of them."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "SteadyEventLog":
        """Made of what dagster.yaml says; Dagster's own would make its own class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:  # so that no two threads are within one connection
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        engines: OrderedDict[str, Engine] = self.__dict__.setdefault("_engines", OrderedDict())
        if shard not in engines:
            engines[shard] = engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={
                    "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
                    "check_same_thread": False,
                },
            )
            sqlalchemy.event.listen(engine, "connect", _hurry)
        engines.move_to_end(shard)
        if len(engines) > _MOST_OPEN:
            engines.popitem(last=False)[1].dispose()
        return engines[shard]

    def dispose(self) -> None:
        """Close every connection too."""
        for engine in self.__dict__.pop("_engines", {}).values():
            engine.dispose()
        super().dispose()


def _hurry(connection: DBAPIConnection, _: object) -> None:
    """No wait for the disk at each event: with the write-ahead log, which Dagster's files have, a
    loss of power may take the latest events and leaves the file whole.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
