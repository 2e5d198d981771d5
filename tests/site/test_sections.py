"""Every page of the organizers of an edition is a tab of one section, two links away."""

from django.urls import reverse

from hackathon.base.core.extras import Section
from hackathon.day.site.sections import sections_of


def test_each_section_has_its_own_tabs_and_one_is_current(edition):
    for section in sections_of(edition, reverse("setup:edition", args=[edition.slug])):
        assert section.tabs
        assert len(section.tabs) <= 6
        for tab in section.tabs:
            sections = sections_of(edition, tab.url)
            current = [(s.section, t.url) for s in sections for t in s.tabs if t.is_current]
            assert current == [(section.section, tab.url)]


def test_pages_below_a_tab_and_pages_of_a_department_are_in_its_section(edition, infocom):
    def current(name: str, *args: object) -> list[str]:
        sections = sections_of(edition, reverse(name, args=args))
        return [tab.url for section in sections for tab in section.tabs if tab.is_current]

    def tab(name: str) -> list[str]:
        return [reverse(name, args=[edition.slug])]

    slug = edition.slug
    assert current("editions:brief-table", slug) == tab("editions:departments")
    assert current("submissions:deliverables", infocom.pk) == tab("submissions:deliverables-table")
    assert current("judging:setup", infocom.pk) == tab("judging:juries")
    assert current("partners:list", slug) == tab("partners:client-edit")
    assert current("imports:complete", slug) == tab("teams:list")
    assert current("operations:server", slug) == tab("setup:edition")


def test_every_tab_is_two_links_away(edition, eve, client_of):
    browser = client_of(eve)
    first = browser.get(reverse("setup:edition", args=[edition.slug])).content.decode()
    sections = sections_of(edition, "")
    near = "".join(browser.get(s.tabs[0].url).content.decode() for s in sections)

    assert [s.section for s in sections] == list(Section)
    assert all(f'href="{s.tabs[0].url}"' in first for s in sections)
    assert all(f'href="{tab.url}"' in near for s in sections for tab in s.tabs)
