"""The envelopes on the projectors, however many juries there are."""

import pytest
from playwright.sync_api import expect

from tests.browser.edition_setup import SET_UP

NAMES = ["Information et communication", "Génie électrique et informatique industrielle"]
SEALED = """
from hashlib import sha256
from judging.models import Deliberation
Edition.objects.update(
    starts_at=now - timedelta(hours=9), registration_closes_at=now - timedelta(hours=9),
    deadline_at=now - timedelta(hours=2), judging_opens_at=now - timedelta(hours=1),
)
admin, names = User.objects.filter(is_superuser=True).first(), {names}
for n in range(1, {count}):
    code = f"D{{n}}"
    one = Department.objects.create(edition=edition, code=code, name=names[n % 2], position=n)
    Team.objects.create(edition=edition, department=one, name=code, registered_at=now)
for one in Department.objects.all()[: {count} - 1]:
    digest = sha256(one.code.encode()).hexdigest()
    Deliberation.objects.create(
        department=one, locked_at=now, locked_by=admin, salt="0" * 32, digest=digest
    )
"""
# Texts that leave their envelope or cover each other, and envelopes that leave the screen.
# A long name may end in dots.
MISFITS = """() => {
    const wrong = [], inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1
        && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
    const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    for (const envelope of document.querySelectorAll(".scene-envelope")) {
        const place = envelope.getBoundingClientRect();
        if (!inside(place, screen)) wrong.push(`outside: ${envelope.innerText}`);
        const texts = [...envelope.querySelectorAll("b, .scene-envelope-what span, code")];
        const places = texts.map((text) => text.getBoundingClientRect());
        texts.forEach((text, n) => {
            const one = places[n], is_long = text.scrollWidth > text.clientWidth + 1;
            if (!inside(one, place) || (is_long && !text.matches("b")))
                wrong.push(`cut: ${text.textContent}`);
            for (const other of places.slice(n + 1))
                if (one.left < other.right - 1 && other.left < one.right - 1
                    && one.top < other.bottom - 1 && other.top < one.bottom - 1)
                    wrong.push(`covered: ${text.textContent}`);
        });
    }
    return wrong;
}"""


@pytest.mark.parametrize("count", [2, 5, 6, 10])
def test_each_envelope_fits_its_line_on_every_projector(site, person, count):
    site.manage("shell", "-v0", "-c", SET_UP + SEALED.format(names=NAMES, count=count))
    wall = person(1920, 1080)
    wall.open("/ecran/")
    expect(wall.page.locator("#stage")).to_have_attribute("data-scene", "envelopes")
    expect(wall.page.locator(".scene-envelope")).to_have_count(count)

    misfits = {}
    for width, height in ((1920, 1080), (1280, 720), (1024, 768)):
        wall.page.set_viewport_size({"width": width, "height": height})
        misfits[width] = wall.page.evaluate(MISFITS)

    assert misfits == {1920: [], 1280: [], 1024: []}
