import pytest

from tests.browser.page_scripts import COLORS, DARK_ON_PAPER


@pytest.mark.parametrize(
    ("path", "email"),
    [("/", ""), ("/pilotage/", "eve@example.org"), ("/organisation/equipes/", "eve@example.org")],
)
def test_pages_are_printed_in_light_colours(visit, path, email):
    page = visit(path=path, email=email, color_scheme="light")
    page.emulate_media(media="print", color_scheme="light")
    light = page.evaluate(COLORS)

    for chosen in ("", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", chosen)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(COLORS) == light, chosen
        assert page.evaluate(DARK_ON_PAPER) == [], chosen
        page.emulate_media(media="screen", color_scheme="dark")
        assert page.evaluate(COLORS) != light
