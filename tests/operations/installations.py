"""A second installation, and teams that hand in without a pause."""

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.db import connections

from hackathon.base.core import clock
from hackathon.base.core.received_files import received_file
from submissions.deposits import services as deposits
from submissions.models import Deliverable
from teams.models import Team
from tests.operations import compose
from tests.submissions.tus.servers import environment

CONTENT = b"%PDF-1.4 of a night "


@dataclass
class Installation:
    """Has its own data directory and database, not those of the test."""

    data: Path
    database_url: str

    def manage(self, *arguments: object, **extra: str) -> subprocess.CompletedProcess:
        env = environment(CCD_DATA_DIR=str(self.data), CCD_DATABASE_URL=self.database_url, **extra)
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=compose.ROOT, env=env, capture_output=True, text=True)

    def files(self) -> list[str]:
        return [
            str(path.relative_to(self.data))
            for name in ("deposits", "attachments", "previews")
            for path in (self.data / name).rglob("*")
            if path.is_file()
        ]

    def column(self, query: LiteralString) -> list[Any]:
        """Without a process: importing the site takes longer than a restore."""
        if self.database_url.startswith("sqlite"):
            path = self.database_url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path)) as database:
                return [row[0] for row in database.execute(query)]
        with psycopg.connect(self.database_url) as postgres:
            return [row[0] for row in postgres.execute(query)]


class Deposits:
    """Inside its `with` block each team hands in one file after the other."""

    def __init__(self, deliverable: Deliverable, teams: list[Team]) -> None:
        self.receipts: list[str] = []
        self._deliverable, self._teams = deliverable, teams
        self._ending = threading.Event()
        self._executor = ThreadPoolExecutor(len(teams))

    def __enter__(self) -> "Deposits":
        self._running = [self._executor.submit(self._hand_in, team) for team in self._teams]
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for running in self._running:
            running.result(60)
        self._executor.shutdown()

    def wait_for(self, more: int) -> None:
        wanted = len(self.receipts) + more
        while len(self.receipts) < wanted:
            assert not any(running.done() for running in self._running)
            self._ending.wait(0.01)

    def _hand_in(self, team: Team) -> None:
        try:
            while not self._ending.wait(0.005):
                now = clock.now()
                submission = deposits.deposit(
                    self._deliverable,
                    team,
                    file=received_file(CONTENT + os.urandom(2000), "film.pdf"),
                    begun_at=now,
                    by=team.memberships.get().user,
                    at=now,
                )
                self.receipts.append(submission.receipt.code)
        finally:
            connections.close_all()
