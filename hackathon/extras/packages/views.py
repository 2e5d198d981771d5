import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.containers import encrypted_file
from hackathon.base.core.views import Request, edition_of
from hackathon.event.editions import rules
from hackathon.event.editions import selectors as editions
from hackathon.event.roles import departments_of, roles_of_request
from hackathon.extras.packages import selectors
from hackathon.extras.packages.models import BriefPackage
from hackathon.extras.packages.rules import begin_within


@login_required
@require_safe
def index(request: Request) -> JsonResponse:
    """`begin_within` is the number of seconds over which pages spread their downloads."""
    edition, at = edition_of(request), clock.now()
    if edition is None:
        return _not_stored({"packages": []})
    departments = departments_of(roles_of_request(request))
    moment = rules.next_public_moment(editions.moments(edition), at=at)
    # Without a milestone, briefs usually come at the launch (`rules.usual_publication`).
    expected = moment.at if moment else edition.starts_at
    within = begin_within(expected if expected > at else None, at=at)
    listed = [_as_dict(package) for package in selectors.packages_of(edition, departments)]
    return _not_stored({"packages": listed, "begin_within": within and within.total_seconds()})


@login_required
@require_safe
def content(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    return encrypted_file(_get_package(request, pk), request)


@login_required
@require_safe
def key(request: Request, pk: uuid.UUID) -> JsonResponse:
    """404 before the instant of the brief."""
    return _not_stored({"key": selectors.public_key(_get_package(request, pk), at=clock.now())})


def _get_package(request: Request, pk: uuid.UUID) -> BriefPackage:
    departments = departments_of(roles_of_request(request))
    return selectors.get_package_for(edition_of(request), departments, pk)


def _as_dict(package: BriefPackage) -> dict[str, object]:
    return {
        "id": str(package.pk),
        "department": package.department.code,
        "name": package.department.name,
        "url": reverse("packages:content", args=[package.pk]),
        "key_url": reverse("packages:key", args=[package.pk]),
        "size": package.size,
        "etag": f'"{package.sha256}"',
    }


def _not_stored(data: dict[str, object]) -> JsonResponse:
    return JsonResponse(data, headers={"Cache-Control": "no-store"})
