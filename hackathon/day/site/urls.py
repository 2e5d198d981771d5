from django.urls import path

from hackathon.day.site.views import api_page, calendar, legal, pages, public, search, unread

app_name = "site"

urlpatterns = [
    path("accueil/", public.start, name="start"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", pages.security, name="security"),
    path("api/", api_page.api_page, name="api"),
    path("regles/", pages.rules, name="rules"),
    path("contact/", pages.contact, name="contact"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", legal.notice, name="legal"),
    path("organisation/mentions-legales/", legal.edit, name="legal-edit"),
    path("organisation/editions/<slug:slug>/chercher/", search.index, name="search"),
    path("facade/", public.facade, name="facade"),
    path("agenda/", calendar.address_page, name="calendar"),
    path("agenda.ics", calendar.public, name="calendar-public"),
    path("agenda/<str:token>.ics", calendar.personal, name="calendar-personal"),
    path("compteurs/", unread.counts, name="counts"),
]
