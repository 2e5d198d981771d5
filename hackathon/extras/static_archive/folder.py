"""Where an archive is written: a folder that holds nothing else."""

import json
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from hackathon.extras.static_archive.crawl import DIGESTS, ArchiveError, Crawl

ABOUT = "archive.json"
MAX_NAMED = 3  # files that are in the way


def publish(slug: str, folder: Path) -> tuple[int, list[str]]:
    """Of an edition with public results. Replaces an archive of the same edition, whole or not at
    all; returns the number of files, and `Crawl.notes`. Raises `ArchiveError`.
    """
    folder = folder.absolute()
    if others := _other_files(folder, slug):
        raise ArchiveError(
            _(
                "{folder} contient autre chose qu’une archive de l’édition « {slug} » ({files}). "
                "Rien n’a été écrit : donnez un autre dossier, ou rangez ces fichiers ailleurs."
            ).format(folder=folder, slug=slug, files=", ".join(others[:MAX_NAMED]))
        )
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            new = Path(beside, "new")
            new.mkdir()
            written = _write(slug, new)
            _replace(folder, new, Path(beside, "former"))
            return written
    except OSError as error:
        raise ArchiveError(
            _("L’archive n’a pas pu être écrite dans {folder} : {error}").format(
                folder=folder, error=error.strerror or error
            )
        ) from error


def temporary(slug: str) -> tuple[tempfile.TemporaryDirectory[str], list[str]]:
    """The same archive, in a folder that the caller cleans up. Raises `ArchiveError`."""
    written = None
    try:
        written = tempfile.TemporaryDirectory(prefix="archive-", dir=settings.FILE_UPLOAD_TEMP_DIR)
        return written, _write(slug, Path(written.name))[1]
    except BaseException as error:
        if written is not None:
            written.cleanup()
        if isinstance(error, OSError):
            text = _("L’archive n’a pas pu être écrite : {error}")
            raise ArchiveError(text.format(error=error.strerror or error)) from error
        raise


def _other_files(folder: Path, slug: str) -> list[str]:
    """Those that no archive of this edition has put there."""
    if folder.is_file():
        return [folder.name]
    found = {str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir()}
    if ABOUT in found and (folder / ABOUT).read_bytes() == _about(slug) and DIGESTS in found:
        lines = (folder / DIGESTS).read_text(errors="replace").splitlines()
        found -= {DIGESTS, *(line.partition("  ")[2] for line in lines)}
    return sorted(found)


def _about(slug: str) -> bytes:
    return f"{json.dumps({'archive': 1, 'edition': slug})}\n".encode()


def _write(slug: str, folder: Path) -> tuple[int, list[str]]:
    crawl = Crawl(slug, folder)
    crawl.run()
    crawl.write(ABOUT, [_about(slug)])
    lines = [f"{digest}  {name}\n" for name, digest in sorted(crawl.digests.items())]
    (folder / DIGESTS).write_text("".join(lines))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)  # web servers read them
    return len(lines) + 1, crawl.notes()


def _replace(folder: Path, new: Path, former: Path) -> None:
    """The former archive is deleted when the new one is in its place."""
    if folder.exists():
        folder.rename(former)
    try:
        new.rename(folder)
    except OSError:
        if former.exists():
            former.rename(folder)
        raise
