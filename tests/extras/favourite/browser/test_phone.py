"""The step of the vote on the phones of the hall."""

from playwright.sync_api import expect

from tests.browser.site import ADMIN, Person, until_live
from tests.browser.test_ceremony import SET_UP, drive, send_form

PREPARED = """
from hackathon.extras.favourite import services
services.prepare(
    edition=edition, title="Coup de cœur de la salle", only_presented=False, by=admin, at=now
)
"""
STEPS = 12


def test_the_button_of_the_vote_fits_a_phone(chromium, site):
    site.manage("shell", "-v0", "-c", SET_UP + PREPARED)
    phone, driver = (Person(chromium, site, width=390, height=844) for _ in range(2))
    phone.open("/ceremonie/")
    until_live(phone.page)
    driver.sign_in(*ADMIN)
    driver.open("/ceremonie/telecommande/")
    until_live(driver.page)
    driver.page.get_by_role("button", name="Commencer la cérémonie").click()
    send_form(driver.page, "Commencer")
    button = phone.page.get_by_role("link", name="Voter pour le coup de cœur")
    onwards = driver.page.get_by_role("button", name="Suivant")
    for _ in range(STEPS):
        drive(driver.page, onwards.click)
        if "Votez" in driver.page.locator("#remote").inner_text():
            break

    for width in (390, 320):
        phone.page.set_viewport_size({"width": width, "height": 844})
        expect(button).to_be_in_viewport(ratio=1)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= width
