from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.formats import clock_exact, date_text
from hackathon.base.core.preflight import Problem, Severity, Topic, names, registry
from hackathon.event.editions import rules, selectors
from hackathon.event.editions.enums import MilestoneKind
from hackathon.event.editions.errors import Oddity
from hackathon.event.editions.models import Edition

FAR = timedelta(days=400)  # further from now than this, a year is a mistake
# The other ones have a check of their own.
ODD_HERE = (
    Oddity.DAY_FAR,
    Oddity.DAY_LONG,
    Oddity.REGISTRATION_LATE,
    Oddity.REGISTRATION_EARLY,
    Oddity.JUDGING_LATE,
)
EARLIEST_LAUNCH, LATEST_LAUNCH = 6, 20  # hours of the clock


def _calendar(edition: Edition, text: str) -> Problem:
    url = resolve_url("editions:schedule", edition.slug)
    return Problem(text, url, gettext("Corriger le calendrier"))


def _when(instant: datetime, edition: Edition) -> str:
    """With year and zone: these are what is checked."""
    day = date_text(instant, "l j F Y", edition.zone)
    return f"{day}, {clock_exact(instant, edition.zone)} ({edition.timezone})"


@registry.check("edition.client", Topic.IDENTITY, Severity.WARNING, _("Le client est nommé"))
def client(edition: Edition, at: datetime) -> Iterator[Problem]:
    if not edition.client:
        url = resolve_url("editions:identity", edition.slug)
        yield Problem(gettext("Le client manque."), url, gettext("Écrire son nom"))


@registry.check(
    "edition.shown", Topic.IDENTITY, Severity.BLOCKER, _("Le site montre cette édition")
)
def shown(edition: Edition, at: datetime) -> Iterator[Problem]:
    """Only from the day before on: until then another edition may be shown."""
    if not edition.is_current and edition.starts_at - at < timedelta(days=1):
        text = gettext("Le site montre une autre édition, ou aucune.")
        yield Problem(text, resolve_url("setup:state", edition.slug), gettext("Afficher celle-ci"))


@registry.check(
    "organizer.alone",
    Topic.PEOPLE,
    Severity.OPTIONAL,
    _("Quelqu’un peut remplacer la personne qui organise"),
)
def alone(edition: Edition, at: datetime) -> Iterator[Problem]:
    if edition.organizers.count() < 2:
        url = resolve_url("people:index", edition.slug)
        text = gettext("Une seule personne organise : personne ne peut la remplacer le jour même.")
        yield Problem(text, url, gettext("Inviter une autre personne"))


@registry.check(
    "calendar.year", Topic.CALENDAR, Severity.BLOCKER, _("L’année de chaque heure est la bonne")
)
def year(edition: Edition, at: datetime) -> Iterator[Problem]:
    for name in rules.INSTANTS:
        instant = getattr(edition, name)
        if abs(instant - at) > FAR:
            text = gettext("« {what} » est loin d’aujourd’hui : {when}.")
            label = rules.field_label(name)
            yield _calendar(edition, text.format(what=label, when=_when(instant, edition)))


@registry.check(
    "calendar.order", Topic.CALENDAR, Severity.BLOCKER, _("Les heures se suivent dans l’ordre")
)
def order(edition: Edition, at: datetime) -> Iterator[Problem]:
    grace = rules.grace_ends_at(edition)
    if edition.registration_closes_at > edition.deadline_at:
        text = gettext("Les inscriptions ferment après l’heure limite : {when}.")
        when = _when(edition.registration_closes_at, edition)
        yield _calendar(edition, text.format(when=when))
    if edition.registration_opens_at > edition.starts_at:
        text = gettext("Les inscriptions ouvrent après le lancement : {when}.")
        yield _calendar(edition, text.format(when=_when(edition.registration_opens_at, edition)))
    if edition.judging_opens_at < grace:
        text = gettext("La notation ouvre avant la fin de la marge : {when}.")
        yield _calendar(edition, text.format(when=_when(edition.judging_opens_at, edition)))


@registry.check(
    "calendar.odd", Topic.CALENDAR, Severity.WARNING, _("Les heures sont vraisemblables")
)
def odd(edition: Edition, at: datetime) -> Iterator[Problem]:
    for oddity in selectors.oddities(edition, at=at):
        if oddity.code in ODD_HERE:
            yield _calendar(edition, str(oddity))


@registry.check(
    "calendar.zone", Topic.CALENDAR, Severity.WARNING, _("Le fuseau horaire est celui du lieu")
)
def zone(edition: Edition, at: datetime) -> Iterator[Problem]:
    hour = edition.starts_at.astimezone(edition.zone).hour
    if edition.timezone != settings.TIME_ZONE:
        text = gettext("Le fuseau de l’édition est {zone}, celui du site {site}.")
        values = {"zone": edition.timezone, "site": settings.TIME_ZONE}
        url = resolve_url("editions:identity", edition.slug)
        yield Problem(text.format(**values), url, gettext("Vérifier le fuseau"))
    elif not EARLIEST_LAUNCH <= hour <= LATEST_LAUNCH:
        text = gettext("Le lancement est à une heure de nuit : {when}.")
        yield _calendar(edition, text.format(when=_when(edition.starts_at, edition)))


@registry.check(
    "milestone.day", Topic.CALENDAR, Severity.WARNING, _("Les étapes sont dans la journée")
)
def milestones(edition: Edition, at: datetime) -> Iterator[Problem]:
    url = resolve_url("editions:milestones", edition.slug)
    remedy = gettext("Corriger les étapes")
    moments = [moment for moment in selectors.moments(edition) if moment.milestone_pk]
    if not moments:
        yield Problem(gettext("Aucune étape."), url, gettext("Ajouter les étapes"))
    for moment in moments:
        is_after = moment.at > edition.deadline_at and moment.kind != MilestoneKind.AWARDS
        if moment.at < edition.starts_at or is_after or moment.at - edition.deadline_at > FAR:
            text = gettext("« {label} » est en dehors de la journée : {when}.")
            when = _when(moment.at, edition)
            yield Problem(text.format(label=moment.label, when=when), url, remedy)


@registry.check("department.any", Topic.DEPARTMENTS, Severity.BLOCKER, _("Il y a des départements"))
def any_department(edition: Edition, at: datetime) -> Iterator[Problem]:
    if not selectors.has_departments(edition):
        url = resolve_url("editions:departments", edition.slug)
        text = gettext("Aucun département : personne ne peut inscrire d’équipe.")
        yield Problem(text, url, gettext("Ajouter un département"))


@registry.check("brief.missing", Topic.BRIEFS, Severity.BLOCKER, _("Chaque département a un sujet"))
def brief(edition: Edition, at: datetime) -> Iterator[Problem]:
    lines = selectors.departments_with_briefs(edition, at=at)
    if without := names(line.department for line in lines if line.brief is None):
        text = gettext("Sans sujet : {departments}.").format(departments=without)
        url = resolve_url("editions:brief-table", edition.slug)
        yield Problem(text, url, gettext("Écrire les sujets"))


@registry.check(
    "brief.attachment", Topic.BRIEFS, Severity.OPTIONAL, _("Chaque sujet a une pièce jointe")
)
def attachment(edition: Edition, at: datetime) -> Iterator[Problem]:
    for written in selectors.briefs_of(edition):
        if not written.attachments.all():
            url = resolve_url("editions:brief-edit", edition.slug, written.department_id)
            text = gettext("Le sujet du département {department} n’a pas de pièce jointe.")
            text = text.format(department=written.department)
            yield Problem(text, url, gettext("Joindre un fichier"))


@registry.check(
    "brief.instant",
    Topic.BRIEFS,
    Severity.BLOCKER,
    _("Chaque sujet paraît entre le lancement et l’heure limite"),
)
def brief_instant(edition: Edition, at: datetime) -> Iterator[Problem]:
    for written in selectors.briefs_of(edition):
        if not edition.starts_at <= written.published_at < edition.deadline_at:
            url = resolve_url("editions:brief-edit", edition.slug, written.department_id)
            text = gettext(
                "Le sujet du département {department} paraît hors de l’épreuve : {when}."
            )
            when = _when(written.published_at, edition)
            text = text.format(department=written.department, when=when)
            yield Problem(text, url, gettext("Corriger l’heure"))
