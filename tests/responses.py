"""All that the site responds to one browser, to search it for what must stay secret."""

import contextlib
from collections.abc import Iterator

import pytest
import typst
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template import Context, Template
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from hackathon import urls
from tests.access.reads import GET
from tests.access.writes import POST
from tests.addresses import World

# It is in everything secret, and is searched in every response.
MARKER = "zqxsecret"
# Only a part of the marker: pages may repeat the query, but not show the marker.
SEARCHES = {"q": MARKER[:-1], "search": MARKER[:-1], "after": "0", "code": MARKER[:-1]}


def whole_response(response: HttpResponse) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
    return f"{response.reason_phrase} {headers} {body.decode(errors='replace')}"


@contextlib.contextmanager
def without_page_not_found() -> Iterator[None]:
    """Responses 404 are empty. Nearly half of all responses to a student are this one page, which
    is independent of the address.
    """

    def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
        return HttpResponseNotFound()

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(urls, "handler404", not_found, raising=False)
        yield


@contextlib.contextmanager
def without_rendering() -> Iterator[None]:
    """Pages, PDFs and the description of the API are empty; `response.context` is there. Whether
    somebody gets one is decided before, and rendering is most of the time of a request.
    `test_secrets.py` renders all pages.
    """

    def keep_context(template: Template, context: Context) -> str:
        template_rendered.send(sender=template, template=template, context=context)
        return ""

    with without_page_not_found(), pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(Template, "render", keep_context)
        monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_self, **_options: {"paths": {}})
        monkeypatch.setattr(typst, "compile", lambda *_sheet, **_options: b"%PDF-1.4")
        yield


def responses_of_the_site(
    world: World, browser: Client, *, all_methods: bool
) -> Iterator[tuple[str, str]]:
    """`all_methods`: HEAD too, and methods that an address does not have. What is answered then
    does not depend on the person.
    """
    asked = [(route.url, str(route), methods_of(route.name)) for route in world.routes()]
    objects = world.objects
    others = [
        ("/api/v1/briefs/", "guess"),
        (reverse("editions:brief", args=["INFO"]), "guess"),
        (f"/organisation/editions/{objects['edition'].slug}/sujets/", "guess"),
        ("/admin/editions/brief/", "admin"),
        (f"/admin/editions/brief/{objects['brief'].pk}/change/", "admin"),
        ("/admin/editions/briefattachment/", "admin"),
        ("/admin/core/journalentry/", "admin"),
        (f"/static/{objects['attachment'].file.name}", "file"),
    ]
    files = {each.file.name for each in objects.values() if getattr(each, "file", None)}
    others += [(f"/media/{name}", "file") for name in sorted(files)]
    asked += [(url, name, {"GET", "POST"}) for url, name in others]
    yield "the page for 404", whole_response(browser.get("/unknown/", SEARCHES))
    with without_page_not_found():
        for url, name, methods in asked:
            methods = {"GET", "HEAD", "POST"} if all_methods else methods
            for method, response in _responses_of(url, methods, browser):
                yield f"{method} {name}", whole_response(response)


def methods_of(name: str) -> set[str]:
    """Of an address, by the tables of access. Of the API both have only those that read."""
    is_api = name.startswith("api:")
    reads = name in GET or (name not in POST and not is_api)
    writes = name in POST or name not in GET or is_api
    return ({"GET"} if reads else set()) | ({"POST"} if writes else set())


def _responses_of(
    url: str, methods: set[str], browser: Client
) -> Iterator[tuple[str, HttpResponse]]:
    with transaction.atomic():
        if "GET" in methods:
            response = browser.get(url)
            yield "GET", response
            if "GET" in vars(response.wsgi_request):  # the query has been read
                yield "GET with words", browser.get(url, SEARCHES)
        if "HEAD" in methods:
            yield "HEAD", browser.head(url)
        # At these addresses it signs out.
        if "POST" in methods and not url.startswith(("/compte/", "/jury/changer/")):
            yield "POST", browser.post(url, {"code": "INFOCOM"})
        transaction.set_rollback(True)
