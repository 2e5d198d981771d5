from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
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


def _link(request: HttpRequest, edition: Edition) -> str:
    sections = sections_of(edition, request.path)
    page = next(GUIDES[each.section] for each in sections if each.is_current)
    if request.path.endswith("/serveur/"):
        page = "installer.md"
    url = reverse("guide:document", args=["fr/"]) + page
    return format_html('· <a href="{}">{}</a>', url, _("Guide de cette page"))


registry.add(Extra("guide", _("Documentation"), of_site=True, parts=(Part(Place.SECTION, _link),)))
