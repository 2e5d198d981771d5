from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Extra, Part, Place, Section, registry
from hackathon.day.site.sections import sections_of
from hackathon.event.editions.models import Edition

# What an organizer does there, in the folder `docs/fr`.
GUIDES = {
    Section.PREPARE: "avant.md",
    Section.PROGRAM: "avant.md#le-programme",
    Section.PEOPLE: "avant.md#les-gens",
    Section.ROOM: "avant.md#la-salle",
    Section.DAY: "le-jour.md",
    Section.AFTER: "apres.md",
    Section.SETTINGS: "avant.md#les-réglages",
}


def _of_section(request: HttpRequest, edition: Edition) -> str:
    if request.path.endswith("/serveur/"):
        return _link(request, "installer.md")
    sections = sections_of(edition, request.path)
    return _link(request, next(GUIDES[each.section] for each in sections if each.is_current))


def _link(request: HttpRequest, page: str) -> str:
    file, hash_mark, anchor = page.partition("#")
    url = reverse("guide:document", args=[f"fr/{file}"]) + hash_mark + anchor
    return render_to_string("guide/_link.html", {"url": url}, request)


registry.add(
    Extra("guide", _("Documentation"), of_site=True, parts=(Part(Place.SECTION, _of_section),))
)
