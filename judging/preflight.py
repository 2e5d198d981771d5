from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.shortcuts import resolve_url
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, names, registry
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror

SEATED = Q(jurors__left_at=None)


def _setup(department: Department, text: str, remedy: str) -> Problem:
    return Problem(
        text.format(department=department), resolve_url("judging:setup", department.pk), remedy
    )


@registry.check(
    "criterion.missing", Topic.JURIES, Severity.BLOCKER, _("Chaque jury a des critères")
)
def criteria(edition: Edition, at: datetime) -> Iterator[Problem]:
    if without := names(edition.departments.annotate(found=Count("criteria")).filter(found=0)):
        text = gettext("Sans critère, le jury ne peut pas noter : {departments}.")
        url = resolve_url("judging:criteria-table", edition.slug)
        yield Problem(text.format(departments=without), url, gettext("Ajouter des critères"))


@registry.check("juror.missing", Topic.JURIES, Severity.BLOCKER, _("Chaque département a un jury"))
def jury(edition: Edition, at: datetime) -> Iterator[Problem]:
    seated = Count("jurors", filter=SEATED)
    if without := names(edition.departments.annotate(found=seated).filter(found=0)):
        text = gettext("Sans juré : {departments}.").format(departments=without)
        url = f"{resolve_url('imports:index', edition.slug)}?kind=jurors"
        yield Problem(text, url, gettext("Nommer des jurés"))


@registry.check(
    "juror.president", Topic.JURIES, Severity.BLOCKER, _("Chaque jury a une présidence")
)
def president(edition: Edition, at: datetime) -> Iterator[Problem]:
    seated = Count("jurors", filter=SEATED)
    presidents = Count("jurors", filter=SEATED & Q(jurors__is_president=True))
    juries = edition.departments.annotate(seated=seated, found=presidents)
    for department in juries.filter(seated__gt=0, found=0):
        text = gettext("Personne ne préside le jury de {department} : rien ne peut être décidé.")
        yield _setup(department, text, gettext("Nommer une présidence"))


@registry.check(
    "juror.never_came",
    Topic.PEOPLE,
    Severity.WARNING,
    _("Chaque juré a ouvert son badge ou s’est connecté"),
)
def never_came(edition: Edition, at: datetime) -> Iterator[Problem]:
    jurors = Juror.objects.seated().never_came().filter(department__edition=edition)
    absent = Counter(jurors.values_list("department", flat=True))
    for department in edition.departments.all():
        n = absent[department.pk]
        if not n:
            continue
        text = ngettext(
            "{department} : {n} juré n’est pas encore venu sur le site.",
            "{department} : {n} jurés ne sont pas encore venus sur le site.",
            n,
        )
        text = text.format(department=department, n=n)
        yield _setup(department, text, gettext("Imprimer les badges, inviter"))
