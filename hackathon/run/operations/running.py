"""How the site runs, as commands that an operator types: one process, or the containers of
`docker-compose.yml`. With Redis there are several processes.
"""

from django.conf import settings

ONE_PROCESS = "Ctrl+C\nmake run"


def restart(*services: str) -> str:
    """Without names: all of the site."""
    return " ".join(["docker compose up -d", *services]) if settings.REDIS_URL else ONE_PROCESS


def logs(*services: str) -> str:
    """Of the last ten minutes. `make run` writes them into its terminal: no command."""
    since = "docker compose logs --since 10m"
    return " ".join([since, *services]) if settings.REDIS_URL else ""


def containers() -> str:
    return "docker version" if settings.REDIS_URL else ""


def state() -> str:
    return "docker compose ps" if settings.REDIS_URL else f"curl {settings.SITE_URL}/readyz"


def manage(command: str) -> str:
    """A command of the site, for example « migrate »."""
    inside = "docker compose run --rm --no-deps worker python"
    return f"{inside if settings.REDIS_URL else '.venv/bin/python'} manage.py {command}"


def lines(*commands: str) -> str:
    return "\n".join(filter(None, commands))
