from tests.browser.sheets import box_of
from tests.browser.site import ADMIN, Person

NAMES = [f"Alexandrine Martinet-Delacroix {letter * 20}" for letter in "ABCDEF"]
LIST = f"équipe;membres\nÉlans;{', '.join(NAMES)}\n"


def test_the_errors_of_a_long_row_can_be_read(chromium, edition_site):
    organizer = Person(chromium, edition_site, width=375, height=900)
    organizer.sign_in(*ADMIN)
    organizer.open("/organisation/editions/ccd/importer/")
    page = organizer.page
    page.locator("[name=kind][value=teams]").check()
    page.get_by_text("Coller des cellules à la place").click()
    page.locator("[name=pasted]").fill(LIST)

    organizer.press("Voir l’aperçu")

    message = page.locator(".import-table tbody td").last
    message.wait_for()
    for width in (375, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        box = box_of(message)
        assert box["width"] > min(250, width / 2)
        assert box["x"] + box["width"] <= width
    organizer.context.close()
