"""Which inspector looks into a file, and what a name that lies makes of its answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module

from submissions.inspection import kinds
from submissions.inspection.found import Code, Found
from submissions.inspection.kinds import Content, Family

# Loaded when needed: each brings a library of its own.
INSPECTORS = {
    Family.PDF: "pdf",
    Family.IMAGE: "images",
    Family.VIDEO: "videos",
    Family.AUDIO: "videos",
    Family.ARCHIVE: "archives",
    Family.TEXT: "texts",
}


@dataclass(frozen=True)
class FileJob:
    """A file on this machine and the name it came with."""

    path: str
    name: str


@dataclass(frozen=True)
class LinkJob:
    """An address."""

    url: str


type Job = FileJob | LinkJob


def look(job: Job) -> Iterator[Found]:
    """What is found, each answer fuller than the one before: a picture may cost a crash or the time
    that was given, and what was known before it still holds.
    """
    if isinstance(job, LinkJob):
        yield from import_module("submissions.inspection.links").inspect(job.url)
        return
    content = kinds.by_content(job.path)
    family = kinds.by_name(job.name) or content.family
    if family is None:
        yield _unknown(job.name, content)
        return
    inspector = import_module(f"submissions.inspection.{INSPECTORS[family]}")
    for found in inspector.inspect(job.path, job.name):
        yield _compared(found, family, content, kinds.extension_of(job.name))


def look_here(job: Job) -> Found:
    """All of it, in this process: for what we made ourselves."""
    *_before, last = look(job)
    return last


def _unknown(name: str, content: Content) -> Found:
    """What no inspector knows: the jury's machines may not either."""
    found = Found({"type": ""})
    label = content.label or kinds.extension_of(name).upper()
    return found.but(Code.RARE_FORMAT, format=label) if label else found.but(Code.NOT_CHECKED)


def _compared(found: Found, family: Family, content: Content, extension: str) -> Found:
    """What the name promised held against what the bytes say."""
    if content.family == family or not content.label:
        return found
    words = {"named": extension.upper(), "content": content.label}
    if found.has(Code.UNREADABLE, Code.DAMAGED):
        return replace(found, findings=[]).but(Code.TYPE_MISMATCH, **words)
    if content.family in (None, Family.VIDEO):  # its sound alone opens as well
        return found
    return found.but(Code.TWO_TYPES, **words)
