"""The assistant: what an edition needs, in the order in which it is made."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.core.formats import clock_time, date_text
from hackathon.event.editions.models import Edition
from hackathon.event.setup.enums import StepState
from hackathon.event.setup.selectors import DepartmentFacts, Facts


@dataclass(frozen=True)
class Step:
    """`lacking`: what is missing or odd, each with the page that mends it."""

    title: str
    url: str
    text: str
    state: StepState
    lacking: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_to_do(self) -> bool:
        return self.state in (StepState.MISSING, StepState.ODD)


def is_ready(steps: list[Step]) -> bool:
    return not any(step.is_to_do for step in steps)


def steps_of(edition: Edition, facts: Facts) -> list[Step]:
    return [
        _identity(edition),
        _calendar(edition, facts),
        _milestones(edition, facts),
        _departments(edition, facts),
        *_of_departments(edition, facts.departments),
        _people(edition, facts),
        _organizers(edition, facts),
        _legal_notice(facts),
    ]


def _identity(edition: Edition) -> Step:
    text = edition.client or _("Le client manque encore.")
    return _step(edition, "editions:identity", _("Identité"), text, done=bool(edition.client))


def _calendar(edition: Edition, facts: Facts) -> Step:
    zone, url = edition.zone, reverse("editions:schedule", args=[edition.slug])
    text = _("{day}, de {start} à {end} ({zone})").format(
        day=date_text(edition.starts_at, _("l j F Y"), zone),
        start=clock_time(edition.starts_at, zone),
        end=clock_time(edition.deadline_at, zone),
        zone=edition.timezone,
    )
    lacking = [(str(oddity), url) for oddity in facts.oddities]
    state = StepState.ODD if lacking else StepState.DONE
    return Step(_("Calendrier"), url, text, state, lacking)


def _milestones(edition: Edition, facts: Facts) -> Step:
    n = facts.milestones
    text = ngettext("%(n)s étape", "%(n)s étapes", n) % {"n": n}
    if not n:
        text = _("Aucune étape : la journée n’a que son lancement et son rendu.")
    return _step(edition, "editions:milestones", _("Étapes de la journée"), text, done=n > 0)


def _departments(edition: Edition, facts: Facts) -> Step:
    n = len(facts.departments)
    text = ngettext("%(n)s département", "%(n)s départements", n) % {"n": n}
    if not n:
        text = _("Aucun département : personne ne peut inscrire d’équipe.")
    return _step(edition, "editions:departments", _("Départements"), text, done=n > 0)


def _of_departments(edition: Edition, lines: list[DepartmentFacts]) -> list[Step]:
    pages = ("editions:brief-table", "submissions:deliverables-table", "judging:criteria-table")
    briefs, deliverables, criteria = (reverse(page, args=[edition.slug]) for page in pages)
    jurors = f"{reverse('imports:index', args=[edition.slug])}?kind=jurors"
    juries = [(_missing_juror(line), _jury(line)) for line in lines if not line.has_president]

    def without(url: str, has: Callable[[DepartmentFacts], object]) -> list[tuple[str, str]]:
        return [(line.department.name, url) for line in lines if not has(line)]

    return [
        _each(_("Sujets"), briefs, without(briefs, lambda line: line.has_brief), lines),
        _each(_("Livrables"), deliverables, without(deliverables, lambda x: x.deliverables), lines),
        _each(_("Critères"), criteria, without(criteria, lambda line: line.criteria), lines),
        _each(_("Jurys"), jurors, juries, lines),
    ]


def _jury(line: DepartmentFacts) -> str:
    return reverse("judging:setup", args=[line.department.pk])


def _missing_juror(line: DepartmentFacts) -> str:
    text = (
        _("{department} : personne ne préside") if line.jurors else _("{department} : aucun juré")
    )
    return text.format(department=line.department.name)


def _each(
    title: str, url: str, lacking: list[tuple[str, str]], lines: list[DepartmentFacts]
) -> Step:
    if not lines:
        return Step(title, url, _("Après les départements."), StepState.MISSING)
    if not lacking:
        return Step(title, url, _("Chaque département en a."), StepState.DONE)
    n = len(lacking)
    text = ngettext("Il en manque à %(n)s département :", "Il en manque à %(n)s départements :", n)
    return Step(title, url, text % {"n": n}, StepState.MISSING, lacking)


def _people(edition: Edition, facts: Facts) -> Step:
    teams = ngettext("%(n)s équipe", "%(n)s équipes", facts.teams) % {"n": facts.teams}
    students = ngettext("%(n)s étudiant", "%(n)s étudiants", facts.students) % {"n": facts.students}
    text = f"{teams}, {students}"
    if not facts.teams and not facts.students:
        text = _("Importez les listes de l’école, ou laissez les équipes s’inscrire.")
    state = StepState.DONE if facts.teams else StepState.OPTIONAL
    url = reverse("imports:index", args=[edition.slug])
    return Step(_("Étudiants, équipes et salles"), url, text, state)


def _organizers(edition: Edition, facts: Facts) -> Step:
    n = facts.organizers
    text = ngettext("%(n)s personne", "%(n)s personnes", n) % {"n": n}
    return _step(edition, "people:index", _("Organisation"), text, done=n > 0)


def _legal_notice(facts: Facts) -> Step:
    """Of the site: it is filled in once, for all editions."""
    lacking = facts.missing_in_notice
    text = _("Le site dit qui en répond.")
    if lacking:
        text = _("À compléter : {what}.").format(what=", ".join(lacking))
    state = StepState.MISSING if lacking else StepState.DONE
    return Step(_("Mentions légales"), reverse("site:legal-edit"), text, state)


def _step(edition: Edition, page: str, title: str, text: str, *, done: bool) -> Step:
    state = StepState.DONE if done else StepState.MISSING
    return Step(title, reverse(page, args=[edition.slug]), text, state)
