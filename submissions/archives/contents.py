from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core.csv_files import csv_file
from hackathon.base.core.exports import Columns
from hackathon.base.core.formats import size_text
from hackathon.event.editions.models import Edition
from submissions.archives.names import UniquePaths, extension_of, safe_name
from submissions.archives.selectors import ArchiveLine
from submissions.enums import DeliverableKind
from submissions.models import deposits_storage
from teams.models import Team

BLOCK_BYTES = 512 * 1024


@dataclass(frozen=True)
class Entry:
    """A file of the archive, dated `at`: the bytes in `content`, the stored file `key`, or the file
    `source` of this machine.
    """

    path: str
    at: datetime
    size: int
    content: bytes = b""
    key: str = ""
    source: Path | None = None

    def blocks(self) -> Iterator[bytes]:
        """Opens a file only when its first block is read."""
        if not self.key and not self.source:
            yield self.content
            return
        source, stored = self.source, deposits_storage()
        with source.open("rb") if source else stored.open(self.key, "rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block


@dataclass(frozen=True)
class _PackedLine:
    """`missing` is the reason why the file is replaced by a text file; empty if it is there."""

    line: ArchiveLine
    entry: Entry
    missing: str = ""


def entries_of(
    edition: Edition,
    teams: Sequence[Team],
    lines: Sequence[ArchiveLine],
    *,
    every_version: bool,
    at: datetime,
) -> list[Entry]:
    """`lines` are those of `teams`. Texts are in the active language."""
    packed = _packed(lines)
    handed_in = {line.team.pk for line in lines}
    about = {
        "edition": edition,
        "at": at.astimezone(edition.zone),
        "every_version": every_version,
        "count": len(lines),
        "size": sum(line.version.submission.size for line in lines),
        "silent": [team for team in teams if team.pk not in handed_in],
        "missing": [line for line in packed if line.missing],
    }
    readme = render_to_string("submissions/archives/archive.txt", about)
    return [
        _text_entry(_("LISEZ-MOI.txt"), readme.encode(), at),
        _text_entry(_("manifeste.csv"), _manifest(edition, packed), at),
        *(line.entry for line in packed),
    ]


def _packed(lines: Sequence[ArchiveLine]) -> list[_PackedLine]:
    files = [line.version.submission for line in lines if line.version.submission.file]
    stored = deposits_storage().sizes([submission.file.name or "" for submission in files])
    paths = UniquePaths()
    folders: dict[int, str] = {}
    packed = []
    for line in lines:
        team = line.team
        if team.pk not in folders:
            department = safe_name(team.department.code)
            folders[team.pk] = paths.take(f"{department}/", safe_name(team.name)) + "/"
        packed.append(_pack(line, paths, folders[team.pk], stored))
    return packed


def _pack(
    line: ArchiveLine, paths: UniquePaths, folder: str, stored: dict[str, int]
) -> _PackedLine:
    submission = line.version.submission
    name = f"{line.number} {safe_name(line.deliverable.name)} v{submission.version}"
    if not submission.file:
        is_link = line.deliverable.kind == DeliverableKind.LINK
        content = _shortcut(submission.url) if is_link else submission.text.encode()
        path = paths.take(folder, name, ".url" if is_link else ".txt")
        return _PackedLine(line, _text_entry(path, content, submission.received_at))
    key = submission.file.name or ""
    if missing := _missing(submission.size, stored.get(key)):
        path = paths.take(folder, f"{_('MANQUANT')} {name}", ".txt")
        return _PackedLine(
            line, _text_entry(path, missing.encode(), submission.received_at), missing
        )
    path = paths.take(folder, name, extension_of(submission.filename))
    return _PackedLine(line, Entry(path, submission.received_at, submission.size, key=key))


def _missing(received: int, stored: int | None) -> str:
    if stored == received:
        return ""
    if stored is None:
        return _(
            "MANQUANT : ce fichier a bien été reçu, mais il n’est plus dans le stockage."
            " Prévenez l’organisation."
        )
    return _(
        "MANQUANT : ce qui est dans le stockage ({stored}) n’est plus ce qui a été reçu"
        " ({received}). Prévenez l’organisation."
    ).format(stored=size_text(stored), received=size_text(received))


def _shortcut(url: str) -> bytes:
    """A file that opens the address with a double click on Windows and macOS."""
    return f"[InternetShortcut]\r\nURL={url}\r\n".encode()


def _text_entry(path: str, content: bytes, at: datetime) -> Entry:
    return Entry(path, at, len(content), content)


# Of `selectors.archive_lines`, with the instants in the active time zone.
DEPOSITS: Columns = [
    (gettext_lazy("département"), lambda line: line.team.department.code),
    (gettext_lazy("équipe"), lambda line: line.team.name),
    (gettext_lazy("livrable"), lambda line: line.deliverable.name),
    (gettext_lazy("version"), lambda line: line.version.submission.version),
    (gettext_lazy("compte"), lambda line: _("oui") if line.version.counts else _("non")),
    (gettext_lazy("reçu le"), lambda line: line.version.submission.received_at),
    (gettext_lazy("compte à"), lambda line: line.version.announced_at or ""),
    (gettext_lazy("marque"), lambda line: str(line.version.punctuality.label)),
    (gettext_lazy("octets"), lambda line: line.version.submission.size),
    (gettext_lazy("SHA-256"), lambda line: line.version.submission.sha256),
    (gettext_lazy("code du reçu"), lambda line: line.code),
    (gettext_lazy("nom d’origine ou adresse"), lambda line: _origin(line)),
    (gettext_lazy("saisi par l’organisation"), lambda line: _entered(line)),
]


def _manifest(edition: Edition, packed: Sequence[_PackedLine]) -> bytes:
    """The instants have their distance from UTC."""
    header = [*(str(title) for title, _cell in DEPOSITS), _("fichier")]
    rows = []
    for line in packed:
        cells = [cell(line.line) for _title, cell in DEPOSITS]
        exact = [
            cell.astimezone(edition.zone).isoformat(sep=" ") if isinstance(cell, datetime) else cell
            for cell in cells
        ]
        rows.append([*exact, line.entry.path])
    return csv_file(header, rows)


def _origin(line: ArchiveLine) -> str:
    return line.version.submission.filename or line.version.submission.url


def _entered(line: ArchiveLine) -> str:
    submission = line.version.submission
    if not submission.entry_reason:
        return ""
    return f"{submission.submitted_by.display_name} : {submission.entry_reason}"
