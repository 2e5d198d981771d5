"""No message and no journal entry says what the scene shows: it is secret until its instant."""

import logging
import math
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models.fields.files import FieldFile

from hackathon.base.accounts.models import User
from hackathon.base.core import containers, journal, pdf_pages
from hackathon.base.core.errors import check
from hackathon.base.core.file_types import type_of
from hackathon.base.core.local_files import local_path
from hackathon.base.core.received_files import ReceivedFile
from hackathon.day.stage import live
from hackathon.day.stage.models import Projector
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.briefs import remove_on_commit
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.brief_scene import rules, selectors
from hackathon.extras.brief_scene.enums import ShowKind
from hackathon.extras.brief_scene.models import BriefScene, ScenePackage
from submissions.inspection.dispatch import FileJob
from submissions.inspection.sandbox import inspect_in_subprocess

logger = logging.getLogger(__name__)

FILM_SECONDS = 30 * 60  # of one whose length cannot be read: it is not cut short


@transaction.atomic
def save(
    *,
    edition: Edition,
    file: ReceivedFile | None = None,
    without_file: bool = False,
    slide_seconds: int,
    works_offline: bool,
    by: User,
    at: datetime,
) -> BriefScene:
    """Without `file` it stays, unless `without_file`. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    scene = selectors.scene_of(edition)
    scene.slide_seconds, scene.works_offline = slide_seconds, works_offline
    if (file or without_file) and scene.file:
        remove_on_commit([scene.file])
        scene.file, scene.filename, scene.sha256, scene.kind = "", "", "", ShowKind.NONE
    if file:
        kind = type_of(file)
        check(rules.file_refusal(file.size or 0, kind))
        scene.file, scene.filename, scene.sha256 = file, file.name or "", file.sha256
        scene.kind = rules.SHOWN[kind]
    scene.save()
    journal.record("brief_scene.changed", edition, by=by, at=at)
    live.projector_changed(edition, at=at)
    return scene


def pack(edition_pk: int, *, at: datetime) -> ScenePackage | None:
    """None if no package is needed, or if its contents change while the file is written, which
    happens without a lock.
    """
    edition = Edition.objects.filter(pk=edition_pk).first()
    wanted = selectors.contents_to_pack(edition, at=at)
    if edition is None or wanted is None:
        return None
    parts = _parts(wanted)
    package = ScenePackage(edition=edition, contents=wanted.digest, packed_at=at)
    containers.fill(package, wanted.texts, parts)
    package.slides = sum(str(entry["id"]).startswith("slide") for entry, _blocks in parts)
    package.seconds = package.slides * wanted.scene.slide_seconds
    if wanted.scene.kind == ShowKind.FILM:
        package.seconds = _film_seconds(wanted.scene)
    if _replace(package, at=at):
        return package
    package.file.delete(save=False)
    return None


@transaction.atomic
def _replace(package: ScenePackage, *, at: datetime) -> bool:
    edition = Edition.objects.select_for_update().get(pk=package.edition_id)
    wanted = selectors.contents_to_pack(edition, at=at)
    if wanted is None or wanted.digest != package.contents:
        return False
    ScenePackage.objects.filter(edition=edition).delete()
    package.save(force_insert=True)
    live.projector_changed(edition, at=at)
    return True


@transaction.atomic
def remove_outdated(*, at: datetime) -> None:
    """The packages of editions that are over or not shown."""
    for edition in Edition.objects.select_for_update(of=("self",)).filter(
        scene_package__isnull=False
    ):
        if not edition.is_current or at > edition.deadline_at:
            edition.scene_package.delete()


@transaction.atomic
def copy(source: Edition, clone: Edition) -> None:
    """Only what is not of one client."""
    for scene in BriefScene.objects.filter(edition=source):
        settings = {"slide_seconds": scene.slide_seconds, "works_offline": scene.works_offline}
        BriefScene.objects.create(edition=clone, **settings)


@transaction.atomic
def report(
    *,
    projector: Projector,
    package: uuid.UUID | None,
    has_key: bool,
    clock_error_ms: int,
    known_instant: datetime | None,
    is_muted: bool,
    at: datetime,
) -> selectors.Answer:
    """What the page of a projector says about itself, and what it needs."""
    seen = {
        "package": package,
        "has_key": has_key,
        "clock_error_ms": clock_error_ms,
        "known_instant": known_instant,
        "is_muted": is_muted,
    }
    before = _shown(projector)
    for name, value in seen.items():
        setattr(projector, name, value)
    was_silent = rules.is_silent(projector, at=at)
    projector.reported_at = projector.said_at = at
    projector.save(update_fields=[*seen, "reported_at", "said_at"])
    if was_silent or _shown(projector) != before:
        live.projector_changed(projector.edition, at=at)
    return selectors.answer_to(projector, at=at)


@transaction.atomic
def say_ready(*, projector: Projector, is_ready: bool, at: datetime) -> None:
    """By whoever has the link of the room. Raises `Refused`."""
    Edition.objects.select_for_update(no_key=True).get(pk=projector.edition_id)
    check(rules.ready_refusal(selectors.instant_of(projector.edition), at=at))
    if (projector.ready_at is not None) == is_ready:
        return
    projector.ready_at = at if is_ready else None
    projector.save(update_fields=["ready_at"])
    act = "projector.readied" if is_ready else "projector.unreadied"
    journal.record(act, projector, by=None, at=at, name=projector.name)
    live.projector_changed(projector.edition, at=at)


def _shown(projector: Projector) -> tuple[object, ...]:
    is_right = rules.clock_is_right(projector.clock_error_ms)
    stored = (projector.package, projector.has_key, projector.known_instant, projector.is_muted)
    return is_right, *stored


def _parts(wanted: selectors.Contents) -> list[containers.Part]:
    parts: list[containers.Part] = []
    if wanted.logo:
        with wanted.logo.open("rb") as file:
            parts.append(_part("logo", type_of(file), file.read()))
    if wanted.scene.kind == ShowKind.FILM:
        parts.append(_film(wanted.scene.file))
    if wanted.scene.kind == ShowKind.SLIDES:
        with local_path(wanted.scene.file) as path:
            slides = pdf_pages.render(path)
        if not slides:
            logger.warning("The slides of edition %s cannot be shown", wanted.scene.edition_id)
        parts += [_part(f"slide-{n}", "image/webp", slide) for n, slide in enumerate(slides)]
    return parts


def _part(name: str, kind: str, content: bytes) -> containers.Part:
    return {"id": name, "type": kind, "size": len(content)}, [content]


def _film_seconds(scene: BriefScene) -> int:
    with local_path(scene.file) as path:
        facts = inspect_in_subprocess(FileJob(path, scene.filename)).facts
    return math.ceil(float(facts.get("seconds", FILM_SECONDS)))


def _film(file: FieldFile) -> containers.Part:
    with file.open("rb") as film:
        kind = type_of(film)

    def blocks() -> Iterable[bytes]:
        with file.open("rb") as film:
            yield from film.chunks()

    return {"id": "film", "type": kind, "size": file.size}, blocks()
