"""What goes into an archive: each version under a name, and two files that say what is there."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hackathon.core.formats import filesize_fr
from hackathon.editions.models import Edition
from submissions.archives.names import Names, extension_of, safe_name
from submissions.archives.selectors import ArchiveLine
from submissions.enums import DeliverableKind
from submissions.models import deposits_storage
from teams.models import Team

BLOCK = 512 * 1024


@dataclass(frozen=True)
class Entry:
    """A file of the archive, dated `at`. Its bytes are `content`, or what is stored as `key`."""

    path: str
    at: datetime
    size: int
    content: bytes = b""
    key: str = ""

    def blocks(self) -> Iterator[bytes]:
        """The bytes. What is stored is opened only when they are asked for."""
        if not self.key:
            yield self.content
            return
        with deposits_storage().open(self.key, "rb") as file:
            while block := file.read(BLOCK):
                yield block


@dataclass(frozen=True)
class _Packed:
    """A line with its place in the archive; `missing` says why its file is not there."""

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
    """All files of the archive of `teams`, in the active language."""
    packed = _packed(lines)
    handed_in = {line.team.pk for line in lines}
    about = {
        "edition": edition,
        "at": at.astimezone(edition.zone),
        "every_version": every_version,
        "count": len(lines),
        "size": sum(line.version.submission.size for line in lines),
        "silent": [team for team in teams if team.pk not in handed_in],
        "missing": [one for one in packed if one.missing],
    }
    words = render_to_string("submissions/archive.txt", about)
    return [
        _written(_("LISEZ-MOI.txt"), words.encode(), at),
        _written(_("manifeste.csv"), _manifest(edition, packed), at),
        *(one.entry for one in packed),
    ]


def _packed(lines: Sequence[ArchiveLine]) -> list[_Packed]:
    files = [line.version.submission for line in lines if line.version.submission.file]
    stored = deposits_storage().sizes([submission.file.name or "" for submission in files])
    names = Names()
    folders: dict[int, str] = {}
    packed = []
    for line in lines:
        team = line.team
        if team.pk not in folders:
            department = safe_name(team.department.code)
            folders[team.pk] = names.take(f"{department}/", safe_name(team.name)) + "/"
        packed.append(_pack(line, names, folders[team.pk], stored))
    return packed


def _pack(line: ArchiveLine, names: Names, folder: str, stored: dict[str, int]) -> _Packed:
    submission = line.version.submission
    name = f"{line.number} {safe_name(line.deliverable.name)} v{submission.version}"
    if not submission.file:
        is_link = line.deliverable.kind == DeliverableKind.LINK
        content = _shortcut(submission.url) if is_link else submission.text.encode()
        path = names.take(folder, name, ".url" if is_link else ".txt")
        return _Packed(line, _written(path, content, submission.received_at))
    key = submission.file.name or ""
    if missing := _missing(submission.size, stored.get(key)):
        path = names.take(folder, f"{_('MANQUANT')} {name}", ".txt")
        return _Packed(line, _written(path, missing.encode(), submission.received_at), missing)
    path = names.take(folder, name, extension_of(submission.filename))
    return _Packed(line, Entry(path, submission.received_at, submission.size, key=key))


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
    ).format(stored=filesize_fr(stored), received=filesize_fr(received))


def _shortcut(url: str) -> bytes:
    """A file that opens the address when it is clicked, on Windows and macOS."""
    return f"[InternetShortcut]\r\nURL={url}\r\n".encode()


def _written(path: str, content: bytes, at: datetime) -> Entry:
    return Entry(path, at, len(content), content)


def _manifest(edition: Edition, packed: Sequence[_Packed]) -> bytes:
    """One line for each version, as a spreadsheet opens it (semicolons, UTF-8 with its mark)."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    rows.writerow(
        [
            _("département"),
            _("équipe"),
            _("livrable"),
            _("version"),
            _("compte"),
            _("reçu le"),
            _("marque"),
            _("octets"),
            _("SHA-256"),
            _("accusé de réception"),
            _("nom d’origine ou adresse"),
            _("saisi par l’organisation"),
            _("fichier"),
        ]
    )
    for one in packed:
        rows.writerow([_cell(value) for value in _row(edition, one)])
    return text.getvalue().encode("utf-8-sig")


def _row(edition: Edition, one: _Packed) -> list[str]:
    line, submission = one.line, one.line.version.submission
    entered = ""
    if submission.entry_reason:
        entered = f"{submission.submitted_by.display_name} : {submission.entry_reason}"
    return [
        line.team.department.code,
        line.team.name,
        line.deliverable.name,
        str(submission.version),
        _("oui") if line.version.counts else _("non"),
        submission.received_at.astimezone(edition.zone).isoformat(sep=" "),
        str(line.version.punctuality.label),
        str(submission.size),
        submission.sha256,
        line.code,
        submission.filename or submission.url,
        entered,
        one.entry.path,
    ]


def _cell(value: str) -> str:
    """What a spreadsheet must not take for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
