import re

from playwright.sync_api import expect

from tests.browser.sheets import ready
from tests.browser.site import OFFLINE, Person


def test_a_sentence_written_offline_is_sent_later(tablet: Person) -> None:
    page = tablet.page
    remark = page.locator(".scale-remark").first
    remark.locator("summary").click()
    praise, advice = remark.locator(".sentence").nth(0), remark.locator(".sentence").nth(1)
    pending = page.locator("[data-sheet-net]")
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)

    praise.locator("textarea").fill("Le besoin du client est compris.")
    advice.locator("textarea").fill("Montrez le prix dès le début.")
    advice.locator("textarea").blur()
    expect(praise.locator("[data-note]")).to_have_text("Gardé ici, à envoyer")
    expect(advice.locator("[data-note]")).to_have_text("Gardé ici, à envoyer")
    expect(pending).to_have_text("2 changements à envoyer")

    tablet.context.set_offline(False)
    expect(pending).to_have_text("Tout est enregistré")
    expect(advice.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    page.reload()
    ready(tablet)

    assert remark.get_attribute("open") is not None
    assert praise.locator("textarea").input_value() == "Le besoin du client est compris."
    assert advice.locator("textarea").input_value() == "Montrez le prix dès le début."
