"""Where the project's own files are: those of the core, and those of extras."""

from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def template_folders() -> list[Path]:
    return [ROOT / "templates", *sorted(ROOT.glob("hackathon/extras/*/templates"))]


def templates() -> list[Path]:
    return [path for folder in template_folders() for path in sorted(folder.rglob("*.html"))]


def styles_of_extras() -> list[Path]:
    return sorted(ROOT.glob("hackathon/extras/*/static/css/*.css"))
