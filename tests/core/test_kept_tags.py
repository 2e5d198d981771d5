"""Tags whose output is kept must never show one person's text, or an older one, to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from hackathon.base.accounts.models import User
from hackathon.base.core.templatetags import kept


def test_a_constant_part_is_rendered_once_in_each_language():
    page = Template('{% constant %}{% translate "Auto" %}/{% translate "Clair" %}{% endconstant %}')

    found = []
    for language in ("fr", "en", "fr"):
        with translation.override(language):
            found.append(page.render(Context()))

    assert found == ["Auto/Clair", "Auto/Light", "Auto/Clair"]


def test_a_constant_part_knows_no_variable_of_the_page():
    page = Template("{% constant %}[{{ user }}{{ csrf_token }}]{% endconstant %}{{ user }}")

    found = [page.render(Context({"user": name, "csrf_token": name})) for name in ("Ada", "Ben")]

    assert found == ["[]Ada", "[]Ben"]


@pytest.mark.parametrize("tag", ['{% badge text "ok" %}', '{% window "complete" text %}'])
def test_a_text_is_escaped_also_after_the_same_text_was_marked_safe(tag):
    page = Template(tag)
    page.render(Context({"text": mark_safe("<b>x</b>")}))

    assert "<b>" not in page.render(Context({"text": "<b>x</b>"}))


def test_a_kept_part_follows_its_values_the_language_and_the_zone_alone():
    page = Template('{% kept "announcements/_test.html" one=one at=at %}')
    one, at = User(name="Ada"), datetime(2026, 2, 13, 22, 0, tzinfo=UTC)
    renderings: list[str] = []

    def shown(name: str, *, language: str = "fr", zone: str = "UTC") -> str:
        one.name = name
        with translation.override(language), timezone.override(zone):
            return page.render(Context({"one": one, "at": at, "user": "nobody"}))

    source = '{{ one.name }} {{ at|clock_time }} {% translate "Clair" %} [{{ user }}]'
    with kept_template(source, renderings):
        found = [
            shown("Ada"),
            shown("<b>"),
            shown("Ada", language="en"),
            shown("Ada", zone="Europe/Paris"),
            shown("Ada"),
        ]

    assert found == [
        "Ada 22:00 Clair []",
        "&lt;b&gt; 22:00 Clair []",
        "Ada 22:00 Light []",
        "Ada 23:00 Clair []",
        "Ada 22:00 Clair []",
    ]
    assert len(renderings) == 4


@contextmanager
def kept_template(source: str, renderings: list[str]) -> Iterator[None]:
    class Counted:
        def render(self, values: dict[str, object]) -> str:
            renderings.append(source)
            return Template(source).render(Context(values))

    with patch.object(kept, "get_template", lambda _name: Counted()):
        yield
