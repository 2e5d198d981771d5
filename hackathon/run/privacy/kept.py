"""The declarations, as people read them."""

from dataclasses import dataclass

from hackathon.base.core.personal_data import KEEP, Basis, Declaration, Subject, registry, subjects


@dataclass(frozen=True)
class Line:
    """`readers` and `basis` are empty if they are those of the subject."""

    what: str
    readers: str
    basis: str


@dataclass(frozen=True)
class Chapter:
    """`kept`: for how long, with what is kept so long."""

    subject: Subject
    readers: str
    basis: str
    kept: dict[str, list[Line]]
    stays: dict[str, list[str]]  # why, with what


def chapters() -> list[Chapter]:
    return [_chapter(subject) for subject in subjects()]


def _chapter(subject: Subject) -> Chapter:
    kept: dict[str, list[Line]] = {}
    stays: dict[str, list[str]] = {}
    for declared in registry.declarations:
        if declared.subject != subject:
            continue
        line = _line(declared)
        lines = kept.setdefault(str(declared.kept.text), [])
        if line not in lines:
            lines.append(line)
        if declared.erase == KEEP:
            named = stays.setdefault(str(declared.because), [])
            if line.what not in named:
                named.append(line.what)
    return Chapter(subject, names(subject.readers), str(Basis(subject.basis).label), kept, stays)


def _line(declared: Declaration) -> Line:
    subject = declared.subject
    readers = declared.readers or subject.readers
    basis = declared.basis or subject.basis
    return Line(
        what=str(declared.what),
        readers=names(readers) if readers != subject.readers else "",
        basis=str(Basis(basis).label) if basis != subject.basis else "",
    )


def names(readers: tuple[object, ...]) -> str:
    return ", ".join(str(getattr(reader, "label", reader)) for reader in readers)
