"""Where the project's own files are: those of the core, and those of extras."""

from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def template_folders() -> list[Path]:
    return [ROOT / "templates", *sorted(ROOT.glob("hackathon/extras/*/templates"))]


def is_installed(path: Path) -> bool:
    """Not that of an extra that `CCD_EXTRAS` leaves out."""
    parts = path.relative_to(ROOT).parts
    return parts[:2] != ("hackathon", "extras") or parts[2] in (*settings.EXTRAS, "__init__.py")


def templates() -> list[Path]:
    found = [path for folder in template_folders() for path in sorted(folder.rglob("*.html"))]
    return [path for path in found if is_installed(path)]


def styles_of_extras() -> list[Path]:
    return sorted(ROOT.glob("hackathon/extras/*/static/css/*.css"))
