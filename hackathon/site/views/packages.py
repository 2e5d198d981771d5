"""Packages of briefs, for scripts of the pages: what this person's departments have, the bytes, and
the key from the instant on.
"""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hackathon import roles as selectors
from hackathon.core import clock
from hackathon.core.file_responses import OPAQUE, file_response
from hackathon.core.views import edition_of
from hackathon.editions import rules
from hackathon.editions import selectors as editions
from hackathon.editions.models import BriefPackage
from hackathon.editions.packages import selectors as packages
from hackathon.editions.packages.rules import begin_within


@login_required
@require_safe
def index(request: HttpRequest) -> JsonResponse:
    """One's own departments' packages, and how many seconds a page may take to begin by itself."""
    edition, at = edition_of(request), clock.now()
    if edition is None:
        return _told({"packages": []})
    mine = selectors.departments_of(selectors.roles_on(request))
    moment = rules.next_public_moment(editions.moments(edition), at=at)
    within = begin_within(moment.at if moment else None, at=at)
    found = [_described(package) for package in packages.packages_of(edition, mine)]
    return _told({"packages": found, "begin_within": within and within.total_seconds()})


@login_required
@require_safe
def content(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The locked bytes, in ranges; nobody can do anything with them before the instant."""
    package = _of(request, pk)
    return file_response(
        package.file,
        filename="paquet",
        content_type=OPAQUE,
        inline=False,
        digest=package.sha256,
        request=request,
    )


@login_required
@require_safe
def key(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """The key, from the instant of the brief on; before it there is none."""
    return _told({"key": packages.public_key(_of(request, pk), at=clock.now())})


def _of(request: HttpRequest, pk: uuid.UUID) -> BriefPackage:
    mine = selectors.departments_of(selectors.roles_on(request))
    return packages.get_package_for(edition_of(request), mine, pk)


def _described(package: BriefPackage) -> dict[str, object]:
    return {
        "id": str(package.pk),
        "department": package.department.code,
        "name": package.department.name,
        "url": reverse("site:package", args=[package.pk]),
        "key_url": reverse("site:package-key", args=[package.pk]),
        "size": package.size,
        "etag": f'"{package.sha256}"',
    }


def _told(data: dict[str, object]) -> JsonResponse:
    return JsonResponse(data, headers={"Cache-Control": "no-store"})
