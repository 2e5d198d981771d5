"""Which tables a response reads and an act writes.

A response that reads no row of a table that was written since is the same: nothing has to be asked
again.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from django.db import connection

NO_WRITE = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
# The number of the last live message, with which a page begins. What is compared is without it.
LAST_MESSAGE = 'SELECT MAX("core_livemessage"."id")'


@contextlib.contextmanager
def tables_named(*, only_written: bool = False) -> Iterator[set[str]]:
    """The names in the statements of the block, which may be more tables than it reads."""
    known = set(connection.introspection.django_table_names())
    found: set[str] = set()

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        is_read = sql.lstrip().startswith(NO_WRITE)
        if not (only_written and is_read) and not sql.startswith(LAST_MESSAGE):
            found.update(known.intersection(re.findall(r"\w+", sql)))
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        yield found
