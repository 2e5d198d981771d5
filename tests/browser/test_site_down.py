from pathlib import Path

from playwright.sync_api import expect

from tests.browser.site import PATIENCE, running_site
from tests.operations import nginx

TYPED = "ada.lovelace@etu.example.org"


def test_what_was_typed_is_kept_while_the_site_is_down(chromium, tmp_path):
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    with running_site() as site:
        ports["p8000"] = int(site.url.rpartition(":")[2])
        text = nginx.on_other_ports(Path(site.env["CCD_STATIC_ROOT"]), **ports)
        with nginx.running(tmp_path, text, ports["p443"]) as url:
            page = chromium.new_context(base_url=url, ignore_https_errors=True).new_page()
            page.set_default_timeout(PATIENCE * 1000)
            page.goto("/compte/connexion/")
            page.locator("#code_login").fill(TYPED)

            site.stop()
            page.locator("main form button").first.click()
            expect(page.get_by_role("heading", name="Le site redémarre")).to_be_visible()
            asked = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
            site.start()

            expect(page.locator("#code_login")).to_have_value(TYPED)

            site.stop()
            page.goto("/accueil/")
            expect(page.get_by_role("heading", name="Le site redémarre")).to_be_visible()
            site.start()

            expect(page.locator("h1", has_text="Le site redémarre")).to_have_count(0)
            page.context.close()

    assert asked == 502
