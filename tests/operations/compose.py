"""docker-compose.yml as tests read it."""

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
SERVERS = ("database", "redis")
PROXY = ("proxy", "certificates")
OPTIONAL = {
    "clamav": "clamav",
    "s3": "s3",
    "prometheus": "alerts",
    "alertmanager": "alerts",
}  # profiles
USUAL_SHARES = 1024  # of a container that has none of its own


@cache
def document() -> dict[str, Any]:
    """With the defaults of its variables."""
    text = (ROOT / "docker-compose.yml").read_text()
    return yaml.safe_load(re.sub(r"\$\{\w+:-((?:[^{}]|\$\{[^{}]*\})*)\}", r"\1", text))


def services() -> dict[str, Any]:
    return document()["services"]


def site_services() -> dict[str, Any]:
    """Those that run our image and go on running."""
    return {
        name: service
        for name, service in services().items()
        if name not in (*SERVERS, *PROXY, *OPTIONAL, "prepare")
    }


def option(service: dict[str, Any], *names: str) -> str | None:
    words = shlex.split(service["command"])
    return next((words[i + 1] for i, word in enumerate(words) if word in names), None)


def processes(service: dict[str, Any]) -> int:
    """How many of its processes have a pool of database connections of their own."""
    program = shlex.split(service["command"])[0]
    if program == "gunicorn":  # the master closes its pool before it forks
        return int(service["environment"]["CCD_WEB_WORKERS"])
    if program == "uvicorn":
        return int(option(service, "--workers") or 1)
    if program == "python" or "beat" in service["command"].split():
        return 1
    return int(option(service, "--concurrency") or 0) + 1  # the main process: signs of life


def max_connections() -> int:
    found = re.search(r"max_connections=(\d+)", services()["database"].get("command", ""))
    return int(found[1]) if found else 100
