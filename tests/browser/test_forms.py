from playwright.sync_api import expect

from tests.browser.site import ADMIN


def test_the_focus_is_on_the_first_invalid_field(person):
    organizer = person(1024, 768)
    organizer.expected = "status of 422"
    organizer.sign_in(*ADMIN)
    organizer.open("/organisation/editions/nouvelle/")
    organizer.fill(name="Crazy Charly Day", day="2027-02-11", timezone="Europe/Pariss")

    organizer.press("Créer l’édition")

    zone = organizer.page.locator("main [name=timezone]")
    organizer.expect_text("Fuseau inconnu")
    expect(zone).to_be_focused()
    expect(zone).to_have_value("Europe/Pariss")
    expect(organizer.page.locator("main [name=name]")).to_have_value("Crazy Charly Day")
