from typing import Any


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
        # Seconds for which a request waits for a connection: PostgreSQL may restart meanwhile.
        "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
    }
