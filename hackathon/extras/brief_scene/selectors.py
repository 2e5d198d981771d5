"""What the scene « Le sujet » shows, and when. Raises `NotFound` for those who may not see it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.db.models.fields.files import FieldFile

from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.base.core.extras import Period
from hackathon.base.core.selectors import get_or_not_found
from hackathon.day.stage import rules as stage
from hackathon.day.stage.enums import Scene
from hackathon.day.stage.models import Projector
from hackathon.event.editions import rules as editions
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.partners.models import ClientPage
from hackathon.event.partners.rules import client_is_public
from hackathon.event.partners.selectors import client_page_of
from hackathon.extras.brief_scene import rules
from hackathon.extras.brief_scene.enums import ShowKind
from hackathon.extras.brief_scene.models import BriefScene, ScenePackage


def scene_of(edition: Edition) -> BriefScene:
    """An unsaved one without a row."""
    return BriefScene.objects.filter(edition=edition).first() or BriefScene(edition=edition)


def instant_of(edition: Edition) -> datetime | None:
    """Of the first brief; secret. One query."""
    briefs = Brief.objects.filter(department__edition=edition)
    return briefs.order_by("published_at").values_list("published_at", flat=True).first()


def titles(edition: Edition, *, at: datetime) -> list[dict[str, str]]:
    """The departments in order, with the title of the brief if it is public. One query."""
    lines = []
    for department in edition.departments.select_related("brief"):
        brief: Brief | None = getattr(department, "brief", None)
        is_public = brief is not None and editions.brief_is_published(brief, at=at)
        title = brief.title if brief is not None and is_public else ""
        lines.append({"name": department.name, "title": title})
    return lines


def client_shown(edition: Edition, *, at: datetime) -> str:
    """The name of the client once a brief is public, unless it is named later. One query."""
    pages = ClientPage.objects.filter(edition=edition)
    public_at = pages.values_list("public_at", flat=True).first()
    return edition.client if client_is_public(public_at, [at], at=at) else ""


@dataclass(frozen=True)
class Contents:
    """All that is public once `instant` has come, and only that. `texts` are of the manifest."""

    instant: datetime
    texts: dict[str, object]
    scene: BriefScene
    logo: FieldFile | None

    @property
    def digest(self) -> str:
        logo = self.logo.name or "" if self.logo else ""
        return rules.contents_digest(self.texts, [logo, self.scene.kind, self.scene.sha256])


def contents(edition: Edition) -> Contents | None:
    """None without briefs. Five queries."""
    instant = instant_of(edition)
    if instant is None:
        return None
    page, scene = client_page_of(edition), scene_of(edition)
    tells_client = client_is_public(page.public_at, [instant], at=instant)
    texts: dict[str, object] = {
        "client": edition.client if tells_client else "",
        "kind": scene.kind,
        "slide_seconds": scene.slide_seconds,
        "departments": titles(edition, at=instant),
    }
    return Contents(instant, texts, scene, page.logo if tells_client and page.logo else None)


def package_of(edition: Edition, wanted: Contents | None) -> ScenePackage | None:
    """None if it is not up to date."""
    package = ScenePackage.objects.filter(edition=edition).first()
    is_right = package is not None and wanted is not None and package.contents == wanted.digest
    return package if is_right else None


def period_of(edition: Edition) -> Period | None:
    """When projectors with a name show the scene by themselves: around the first brief, also while
    a newer package is made; None before the first package. One query.
    """
    packages = ScenePackage.objects.filter(edition=edition)
    first = Min("edition__departments__brief__published_at")
    found = packages.annotate(instant=first).values_list("instant", "seconds").first()
    if found is None or found[0] is None:
        return None
    return rules.period(*found)


def contents_to_pack(edition: Edition | None, *, at: datetime) -> Contents | None:
    """What a package has to be made of now."""
    if edition is None or not edition.is_current or at > edition.deadline_at:
        return None
    if not extras.is_on("brief_scene", edition):
        return None
    if not edition.projectors.exists():
        return None
    wanted = contents(edition)
    return None if package_of(edition, wanted) is not None else wanted


def get_package_for(projector: Projector, pk: uuid.UUID) -> ScenePackage:
    return get_or_not_found(ScenePackage.objects.all(), edition=projector.edition_id, pk=pk)


@dataclass(frozen=True)
class Answer:
    """What a projector gets to know when it reports."""

    instant: datetime | None
    package: ScenePackage | None
    key: str


def answer_to(projector: Projector, *, at: datetime) -> Answer:
    known = prepared(projector.edition)
    is_due = rules.key_is_due(
        known.instant,
        works_offline=known.scene.works_offline,
        clock_error_ms=projector.clock_error_ms,
        at=at,
    )
    package = known.package
    return Answer(known.instant, package, package.key if package is not None and is_due else "")


def get_projector_to_confirm(edition: Edition | None, key: str, *, at: datetime) -> Projector:
    """By the key of « salle prête », until the instant of the briefs."""
    if edition is None:
        raise NotFound
    projector = get_or_not_found(Projector.objects.all(), edition=edition, ready_key=key)
    if rules.ready_refusal(instant_of(edition), at=at) is not None:
        raise NotFound
    projector.edition = edition
    return projector


@dataclass(frozen=True)
class Readiness:
    """For organizers."""

    instant: datetime | None
    is_out: bool
    package: ScenePackage | None
    scene: BriefScene
    projectors: list[rules.ProjectorState]
    # What projectors will show at the instant, if it is not the brief.
    instead: stage.AnyScene | None

    @property
    def is_broken(self) -> bool:
        """The PDF cannot be shown."""
        is_made = self.package is not None and not self.package.slides
        return is_made and self.scene.kind == ShowKind.SLIDES


@dataclass(frozen=True)
class Prepared:
    scene: BriefScene
    package: ScenePackage | None  # that is up to date
    instant: datetime | None
    period: Period | None  # as `period_of`


def prepared(edition: Edition) -> Prepared:
    """Six queries."""
    wanted = contents(edition)
    package = ScenePackage.objects.filter(edition=edition).first()
    if wanted is None:
        return Prepared(scene_of(edition), None, None, None)
    period = rules.period(wanted.instant, package.seconds) if package else None
    is_right = package is not None and package.contents == wanted.digest
    return Prepared(wanted.scene, package if is_right else None, wanted.instant, period)


def readiness(edition: Edition, known: Prepared | None = None, *, at: datetime) -> Readiness:
    """`known`: if it was read before. Two queries, and those of `prepared`. Projectors are read
    each time: their reports without news send no message.
    """
    known = known or prepared(edition)
    package, scene, instant = known.package, known.scene, known.instant
    states = [
        rules.projector_state(projector, package, scene, instant, at=at)
        for projector in edition.projectors.all()
    ]
    is_out = instant is not None and at >= instant
    instead = _shown_instead(edition, known) if states and not is_out else None
    return Readiness(instant, is_out, package, scene, states, instead)


def _shown_instead(edition: Edition, known: Prepared) -> stage.AnyScene | None:
    """None without a package: nothing can be said before it is made (`preflight.loaded`)."""
    if known.instant is None or known.period is None:
        return None
    choice = edition.screen_choices.filter(department=None).first()
    chosen = choice.scene if choice else Scene.AUTO
    (own,) = extras.registry["brief_scene"].scenes
    shown = stage.scene_shown(edition, chosen, periods=[(own, known.period)], at=known.instant)
    return None if shown == own else shown
