"""With a real PostgreSQL and a second one that streams from it."""

import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.conf import settings as site
from django.db.backends.postgresql.base import DatabaseWrapper

from hackathon.extras.standby import copies, selectors, services
from tests import services as servers
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.system, pytest.mark.django_db]


@dataclass
class Pair:
    first: servers.Postgres
    second: servers.Postgres
    connection: DatabaseWrapper

    def start_second(self) -> None:
        self.second.start()
        wait_until(lambda: selectors.replication().connected)

    def rows(self, server: servers.Postgres) -> int:
        with psycopg.connect(server.url) as connection:
            found = connection.execute("SELECT count(*) FROM deposit").fetchone()
        assert found
        return int(found[0])

    def deposit(self) -> None:
        """As a deposit does, in a connection of its own."""
        options = "-c synchronous_commit=local"
        with psycopg.connect(self.first.url, options=options) as connection:
            connection.execute("SET LOCAL synchronous_commit = on")
            connection.execute("INSERT INTO deposit VALUES (1)")


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Pair]:
    if servers.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    settings.SERVER_NAME = "salle"
    with servers.Postgres() as first:
        first.start()
        with psycopg.connect(first.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE deposit (number int)")
            connection.execute("SELECT pg_create_physical_replication_slot('ccd_standby')")
        with servers.Postgres(data=first.data) as second:
            shutil.rmtree(second.data)
            base = f"host=127.0.0.1 port={first.port} user=ccd application_name=ccd_standby"
            written = ("-D", second.data, "-R", "-S", "ccd_standby", "--no-sync")
            second.run("pg_basebackup", "-d", base, *written)
            wrapper = DatabaseWrapper({**site.DATABASES["default"], **of(first)}, alias="first")
            for module in (selectors, services, copies):
                monkeypatch.setattr(module, "connection", wrapper)
            yield Pair(first, second, wrapper)
            wrapper.close()


def of(server: servers.Postgres) -> dict[str, Any]:
    found = {"HOST": "127.0.0.1", "PORT": server.port, "USER": "ccd", "NAME": "postgres"}
    return {**found, "PASSWORD": "", "OPTIONS": {}, "CONN_HEALTH_CHECKS": False}


def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "is_strict", lambda: True)


def test_a_commit_waits_for_the_second_server_and_goes_on_without_it(pair, monkeypatch):
    strict(monkeypatch)
    with pytest.raises(copies.NotOnBoth):
        copies.hold_commit()
    pair.start_second()
    with pytest.raises(copies.NotOnBoth):  # connected, and PostgreSQL waits for nobody yet
        copies.hold_commit()
    services._make_postgresql_wait()
    copies.hold_commit()

    pair.deposit()
    wait_until(lambda: pair.rows(pair.second) == 1)

    place = selectors.position()
    wait_until(lambda: selectors.has_reached(place))
    pair.second.stop(signal.SIGQUIT)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(pair.deposit)
        wait_until(lambda: waits_for_the_second_server(pair))
        seen = pair.rows(pair.first)  # nobody sees it, so nothing acknowledges it
        services._release_commits()
        waiting.result()
    assert (seen, pair.rows(pair.first)) == (1, 2)
    wait_until(lambda: not selectors.replication().connected)
    with pytest.raises(copies.NotOnBoth):
        copies.hold_commit()
    assert not selectors.has_reached(selectors.position())


def waits_for_the_second_server(pair: Pair) -> bool:
    with psycopg.connect(pair.first.url) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        found = connection.execute(asked).fetchone()
    return bool(found and found[0])


def test_what_waits_for_nobody_goes_on_while_the_second_server_is_away(pair):
    pair.start_second()
    services._make_postgresql_wait()
    wait_until(lambda: selectors.replication().waits)
    pair.second.stop(signal.SIGQUIT)

    options = "-c synchronous_commit=local"  # as `core.database_options`
    with psycopg.connect(pair.first.url, options=options) as connection:
        connection.execute("INSERT INTO deposit VALUES (1)")

    assert pair.rows(pair.first) == 1


def test_the_second_server_says_that_it_does_not_serve(pair):
    pair.start_second()
    pair.connection.close()
    pair.connection.settings_dict |= of(pair.second)

    found = selectors.replication()

    assert (found.connected, found.in_recovery) == (False, True)
    assert selectors.position() == ""
