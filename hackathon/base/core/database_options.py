from typing import Any

# Seconds for which a request waits for a connection: PostgreSQL may restart meanwhile.
WAIT_SECONDS = 10
# A machine that is lost sends no end of its connections. Without these PostgreSQL keeps its locks
# for two hours, and a process waits as long for a lost PostgreSQL; with them 35 s.
KEEPALIVES = {"idle": 20, "interval": 5, "count": 3}


def sqlite_options() -> dict[str, Any]:
    """`timeout`: seconds that a transaction waits for the write lock.

    IMMEDIATE takes the write lock at BEGIN. Otherwise a transaction that reads and then writes
    fails with "database is locked" if another one has written meanwhile.

    `secure_delete` overwrites what is deleted.
    """
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;",
    }


def postgresql_options(pool_size: int, *, has_replica: bool = False) -> dict[str, Any]:
    """With a synchronous replica only a transaction that asks waits for it: if it is away, all the
    others go on.
    """
    of_server = " ".join(f"-c tcp_keepalives_{name}={value}" for name, value in KEEPALIVES.items())
    return {
        "options": of_server + " -c synchronous_commit=local" * has_replica,
        **{f"keepalives_{name}": value for name, value in KEEPALIVES.items()},
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
