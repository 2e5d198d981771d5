"""A promise of a file while the line is down: laptop, phone, and the receipt."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from hackathon.extras.promises import codes
from tests.browser.cards import card, choose, expect_received, pdf, sha256, stored_versions
from tests.browser.site import Person

# Everything after it is late, without the promise.
DEADLINE_IS_NOW = """
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
Edition.objects.update(deadline_at=clock.now(), grace_seconds=0)
"""


def test_a_phone_promises_what_a_laptop_without_a_network_shows(ada, chromium, site, tmp_path):
    dossier, file = card(ada, "Dossier"), pdf(tmp_path, size=9_000_000)
    ada.context.set_offline(True)
    choose(dossier, file)
    dossier.get_by_role("button", name="Prouver maintenant que ce fichier existe").click()
    square = dossier.locator("[data-qr]")
    expect(square.locator("svg path")).to_have_count(2)
    path = urlsplit(square.get_attribute("href") or "").path
    typed = codes.decode("\n".join(dossier.locator("[data-code] li").all_inner_texts()))

    phone = Person(chromium, site, width=390, height=844)
    phone.open(path)
    expect(phone.page.locator("main")).to_contain_text(sha256(file)[:16])
    phone.page.get_by_role("button", name="Enregistrer l’engagement").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Engagement enregistré")
    number = phone.page.locator(".receipt-code").inner_text()
    site.manage("shell", "-v0", "-c", DEADLINE_IS_NOW)
    ada.context.set_offline(False)

    expect_received(dossier)
    expect(dossier.locator(".deliverable-received")).to_contain_text("compte à")
    expect(dossier.locator(".promise")).to_have_count(0)
    assert stored_versions(ada) == [(1, sha256(file))]
    dossier.get_by_role("link", name=re.compile("^Reçu")).first.click()
    expect(ada.page.locator(".receipt-head")).to_contain_text("compte à")
    expect(ada.page.locator(".receipt-head")).to_contain_text("à l’heure")
    phone.page.reload()
    expect(phone.page.locator("main")).to_contain_text("Le fichier est arrivé")
    expect(phone.page.locator(".receipt-code")).to_have_text(number)
    assert (typed.size, sha256(file)[:20]) == (9_000_000, typed.digest)
    phone.context.close()
