"""Nothing but services writes to the database."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# The demo sets up data of its own. What sends is called by a task, and writes
# the result of an attempt.
APART = ("migrations", "demo", "services", "services.py", "sending.py")
WRITES = {"bulk_create", "bulk_update", "create", "delete", "get_or_create", "update"}
WRITES |= {"save", "update_or_create"}
QUERIES = {"objects", "_base_manager", "filter", "exclude"}
EXCEPTIONS = {
    "hackathon/base/accounts/adapter.py": "called by allauth",
    "hackathon/base/accounts/tokens/authentication.py": "last use of a token",
    "hackathon/base/core/extra_migrations.py": "of migrations",
    "hackathon/base/core/idempotency.py": "core has no services: answers of the API",
    "hackathon/base/core/journal.py": "core has no services: the journal",
    "hackathon/base/core/mail_tasks.py": "core has no services: mails that failed",
    "hackathon/base/core/ordering.py": "core has no services: the order of rows",
    "hackathon/base/core/tasks.py": "core has no services: what is too old",
    "hackathon/event/imports/undo.py": "called by the services of imports",
    "hackathon/base/live/messages.py": "live has no services: messages",
    "hackathon/base/live/periodic.py": "live has no services: what is too old",
    "hackathon/run/operations/heartbeats.py": "signs of life, by a thread of each process",
    "submissions/receipts/digests.py": "a service; `services` is below the task that it enqueues",
}


def queries_in(node: ast.expr) -> bool:
    """Whether a chain of attributes and calls has a manager or a queryset in it."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in QUERIES:
            return True
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False


def writes_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        fields = any(keyword.arg == "update_fields" for keyword in node.keywords)
        if node.func.attr in WRITES and (fields or queries_in(node.func.value)):
            yield ast.unparse(node.func)


def test_only_services_write_to_the_database():
    found = {
        str(path.relative_to(ROOT)): writes
        for app in ("hackathon", "teams", "submissions", "judging")
        for path in (ROOT / app).rglob("*.py")
        if not set(APART) & set(path.relative_to(ROOT).parts) and (writes := [*writes_of(path)])
    }

    assert found.keys() == EXCEPTIONS.keys(), found
