from playwright.sync_api import expect

from tests.browser.site import Person, demo_site, running_site, until_fonts

REGISTRATION = """
from django.db.models import F
from hackathon.event.editions.models import Edition
Edition.objects.update(registration_closes_at=F("deadline_at"))
"""


def test_departments_are_chosen_in_the_same_way_in_both_forms(chromium):
    """Tiles of one width, a group with a name, and the keys of radio buttons."""
    data, accounts = demo_site("running")
    alone = next(each for each in accounts if each["role"] == "student" and not each["team"])
    drawn = []
    with running_site(data) as site:
        site.manage("shell", "-v0", "-c", REGISTRATION)
        person = Person(chromium, site, width=375, height=812)
        person.sign_in(alone["email"], alone["password"])
        for path in ("/equipe/inscrire/", "/equipe/recherches/"):
            person.open(path)
            until_fonts(person.page)
            group = person.page.get_by_role("group", name="Département")
            tiles = group.locator("label")
            boxes = [tile.bounding_box() for tile in tiles.all()]
            names = [
                radio.evaluate("({ labels }) => labels[0].innerText")
                for radio in group.get_by_role("radio").all()
            ]
            group.get_by_role("radio").first.check()
            person.page.keyboard.press("ArrowDown")
            expect(group.get_by_role("radio", name="INFO Informatique")).to_be_checked()
            drawn.append(
                ([" ".join(name.split()) for name in names], [b and b["width"] for b in boxes])
            )
        person.context.close()

    (names, widths), in_other_form = drawn
    assert "INFO Informatique" in names
    assert len(names) == 5
    assert len(set(widths)) == 1
    assert in_other_form == (names, widths)
