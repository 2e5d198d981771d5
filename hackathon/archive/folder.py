"""Where an archive is written: a folder that holds nothing else."""

import json
import shutil
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from hackathon.archive.crawl import DIGESTS, ArchiveError, Crawl

ABOUT = "archive.json"
MAX_NAMED = 3  # files that are in the way


def publish(slug: str, folder: Path) -> int:
    """Of an edition with public results. Replaces an archive of the same edition, whole or not at
    all; returns the number of files. Raises `ArchiveError`.
    """
    folder = folder.absolute()
    _check(folder, slug)
    try:
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            count = write(slug, new)
            _replace(folder, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise ArchiveError(
            _("L’archive n’a pas pu être écrite dans {folder} : {error}").format(
                folder=folder, error=error.strerror or error
            )
        ) from error
    return count


def write(slug: str, folder: Path) -> int:
    """Into an empty folder; returns the number of files. Raises `ArchiveError`."""
    crawl = Crawl(slug, folder)
    crawl.run()
    about = json.dumps({"archive": 1, "edition": slug}, indent=1) + "\n"
    crawl.write(ABOUT, [about.encode()])
    lines = [f"{digest}  {name}\n" for name, digest in sorted(crawl.digests.items())]
    (folder / DIGESTS).write_text("".join(lines))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)  # web servers read them
    return len(lines) + 1


def _check(folder: Path, slug: str) -> None:
    """Refuses a folder with a file that no archive of this edition has put there."""
    if not folder.parent.is_dir():
        raise ArchiveError(
            _("Le dossier {folder} n’existe pas : créez-le d’abord.").format(folder=folder.parent)
        )
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ArchiveError(
            _("{folder} est un fichier : donnez le nom d’un dossier.").format(folder=folder)
        )
    others = _other_files(folder)
    if others:
        raise ArchiveError(
            _(
                "{folder} contient autre chose qu’une archive ({files}). Rien n’a été écrit : "
                "donnez un autre dossier, ou rangez ces fichiers ailleurs."
            ).format(folder=folder, files=", ".join(others[:MAX_NAMED]))
        )
    former = _edition_of(folder)
    if former not in ("", slug):
        raise ArchiveError(
            _("{folder} contient l’archive de l’édition « {slug} » : donnez-en un autre.").format(
                folder=folder, slug=former
            )
        )


def _other_files(folder: Path) -> list[str]:
    """Those that the list of its digests does not name."""
    found = {str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir()}
    if not found:
        return []
    try:
        lines = (folder / DIGESTS).read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    return sorted(found - {line[66:] for line in lines} - {DIGESTS if lines else ""})


def _edition_of(folder: Path) -> str:
    try:
        return str(json.loads((folder / ABOUT).read_text())["edition"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _replace(folder: Path, new: Path) -> None:
    """The former archive stays until the new one is in its place."""
    if not folder.exists():
        new.rename(folder)
        return
    former = new.with_name(f"{new.name}-former")
    folder.rename(former)
    try:
        new.rename(folder)
    except OSError:
        former.rename(folder)
        raise
    shutil.rmtree(former)
