from typing import Any

# Seconds for which a request waits for a connection: PostgreSQL may restart meanwhile.
WAIT_SECONDS = 10


def sqlite_options() -> dict[str, Any]:
    """`timeout`: seconds that a transaction waits for the write lock.

    IMMEDIATE takes the write lock at BEGIN. Otherwise a transaction that reads and then writes
    fails with "database is locked" if another one has written meanwhile.
    """
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA foreign_keys=ON;",
    }


def postgresql_options(pool_size: int) -> dict[str, Any]:
    return {
        # Repeated statements are planned once per connection (decision 21).
        "server_side_binding": True,
        "prepare_threshold": 5,
        # The pause between two attempts of the pool to connect doubles until `reconnect_timeout`,
        # and is one second again afterwards: after a long outage pages are back at once too.
        "pool": {
            "min_size": 1,
            "max_size": pool_size,
            "timeout": WAIT_SECONDS,
            "reconnect_timeout": WAIT_SECONDS,
        },
    }
