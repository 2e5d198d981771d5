"""For tests of a juror's sheet: scripts that measure and set up states, and readers."""

from playwright.sync_api import FloatRect, Locator

from tests.browser.site import Person

VIEW = """() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const end = box("[data-trouble]").top || innerHeight;
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= Math.min(end, box(".sheet-marks").bottom);
    }).length;
    const targets = ".sheet-bar .button, .sheet-chips a, .viewer-tool, .scale button";
    const small = [...document.querySelectorAll(targets)]
        .map((element) => element.getBoundingClientRect())
        .filter(({ width, height }) => width && Math.min(width, height) < 44);
    return {
        viewer: box(".viewer").height,
        criteria: seen(".scale[data-top] .scale-line"),
        chips: box(".sheet-chips").height,
        small: small.length,
        wide: document.documentElement.scrollWidth,
    };
}"""
# What counts for a deliverable of this team is an image.
PICTURED = """
from io import BytesIO
from django.core.files.base import ContentFile
from PIL import Image
from submissions.models import Submission
found = Submission.objects.filter(team=%d, deliverable__kind="file").order_by("version").last()
stored = BytesIO()
Image.new("RGB", (1600, 900), "teal").save(stored, "PNG")
name = found.file.storage.save("affiche.png", ContentFile(stored.getvalue()))
Submission.objects.filter(team=found.team, deliverable=found.deliverable).update(
    file=name, filename="affiche.png", content_type="image/png", size=stored.tell()
)
print(found.deliverable.name)
"""


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def overlap(one: FloatRect, other: FloatRect) -> bool:
    across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
    down = one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
    return across and down


def ready(tablet: Person) -> None:
    tablet.page.locator("[data-sheet][data-ready]").wait_for()


def mark_of(scale: Locator) -> str:
    return scale.locator("input.mark-input").input_value()
