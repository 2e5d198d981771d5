"""The guide as one PDF with headings and tags:  python -m tests.film.pdf PAGE PDF"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS

FOOTER = '<p style="font: 8px sans-serif; margin: auto" class="pageNumber"></p>'


def main(page_file: Path, target: Path) -> int:
    path = services.headless_chromium_bin()
    if path is None:
        print("Chromium is not installed: no PDF was made.")
        return 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        page = browser.new_page()
        page.goto(page_file.resolve().as_uri())
        page.pdf(
            path=target,
            format="A4",
            margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            tagged=True,
            outline=True,
        )
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
