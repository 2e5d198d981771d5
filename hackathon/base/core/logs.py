"""Log lines: in UTC, with the ids of request, person, team and upload, without addresses."""

import logging
import os
import re
from typing import Any

import structlog

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HIDDEN = "<address>"
# What follows is a code to join a team, a key of a team, or the secret of a calendar, a projector,
# a team on stage or a guest without an account, as in `$ccd_logged` of nginx.
SECRET_PATH = re.compile(
    r"(/(?:equipe/rejoindre|agenda|passage|projection|salle-prete|[a-z-]+/invitation|engagement)/)"
    r"[^\s?\"']+"
)


def scrubbed(text: str) -> str:
    return SECRET_PATH.sub(r"\1…", ADDRESS.sub(HIDDEN, text))


def without_addresses(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Exceptions of mail servers quote the address that they refuse, Django paths."""
    for key in ("event", "exception", "message", "request"):
        if isinstance(text := event.get(key), str):
            event[key] = scrubbed(text)
    return event


def without_queries(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Django adds the request, whose text has the query: codes and tickets of a university."""
    request: Any = event.get("request")
    if hasattr(request, "path"):
        event["request"] = f"{request.method} {request.path}"
    return event


def _no_sockets(record: logging.LogRecord) -> bool:
    """uvicorn notes each socket at INFO, with the address of its client and the query."""
    return record.levelno > logging.INFO or '"WebSocket' not in str(record.msg)


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    without_queries,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.format_exc_info,
    without_addresses,
]


def bind(**ids: Any) -> None:
    """On all lines of this request or task from now on. Never a name or an address."""
    structlog.contextvars.bind_contextvars(**ids)


def start_over(**ids: Any) -> None:
    """A thread serves one request after the other."""
    structlog.contextvars.clear_contextvars()
    bind(**ids)


def formatter() -> logging.Formatter:
    """For what uvicorn writes before the site is imported (`deploy/uvicorn-log.json`)."""
    as_json, process = os.environ.get("CCD_LOG_FORMAT") == "json", os.environ.get("CCD_PROCESS", "")
    made = dict(logging_config("INFO", as_json=as_json, process=process)["formatters"]["line"])
    make: type[logging.Formatter] = made.pop("()")
    return make(**made)


def logging_config(level: str, *, as_json: bool, process: str) -> dict[str, Any]:
    """For Django's `LOGGING`."""

    def add_process(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "process": process}

    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False,
            timestamp_key="at",
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    last = [add_process] if process else []
    servers = ("uvicorn", "gunicorn.error")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *last,
                    renderer,
                ],
            }
        },
        "filters": {"no_sockets": {"()": lambda: _no_sockets}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Periodic tasks that succeed would fill the log with three lines a second.
            **{
                f"celery.{name}": {"level": "WARNING"}
                for name in ("beat", "worker.strategy", "app.trace")
            },
            # For `manage.py trace`; on a terminal they would hide the rest.
            "hackathon.requests": {"level": "INFO" if as_json else "WARNING"},
            # Their own handlers write other zones, and the addresses of clients.
            **{name: {"handlers": [], "propagate": True} for name in servers},
            "uvicorn.error": {"handlers": [], "propagate": True, "filters": ["no_sockets"]},
            "uvicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
        },
    }
