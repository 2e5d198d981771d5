"""Makes the pictures of `docs/film.md`, and the page: a student's day on a phone, a juror's evening
on a tablet.

    python -m tests.film [NAME…]

Needs Chromium. NAMEs are those of pictures, to make only these. Fails if a scene does.
"""

import sys
from collections.abc import Iterable

from playwright.sync_api import sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, ROOT
from tests.film import jury, student
from tests.run_directory import run_directory

STUDENT = {
    "eleve-01-accueil": "The evening before: what it is, where and when",
    "eleve-02-code": "Signing in and signing up: a code by mail",
    "eleve-03-sans-equipe": "Register a team, or join one with its code",
    "eleve-04-rejoindre": "The team, before joining it",
    "eleve-05-equipe": "The team and its join code",
    "eleve-06-avant-le-sujet": "The day begins: a countdown to the brief",
    "eleve-07-sujet": "The brief, at its instant",
    "eleve-08-question": "A question, answered by the client",
    "eleve-09-appel": "A call for help, and the place in the queue",
    "eleve-10-rendu": "What is handed in, under the clock",
    "eleve-11-envoi": "An upload in progress",
    "eleve-12-recu": "The receipt",
    "eleve-13-dernieres-minutes": "The last minutes",
    "eleve-14-marge": "The deadline has passed; an upload that began before it goes on",
    "eleve-15-clos": "Closed: what counts",
    "eleve-16-palmares": "The next day: the winners",
    "eleve-17-nos-notes": "The team's own marks, explained",
}
JUROR = {
    "jure-01-badge": "A badge is scanned",
    "jure-02-equipes": "The teams to read, the next one first",
    "jure-03-fiche": "The work beside the marks",
    "jure-04-notes": "Any whole mark in one tap, a half in one more",
    "jure-05-passer": "The team is absent or busy: skip it",
    "jure-06-sans-reseau": "Without a network: kept here, sent later",
    "jure-07-ordre": "The juror's own order, and where the marks differ from it",
    "jure-08-suivi": "The president: how far the jury is",
    "jure-09-deliberation": "The president: the ranking and the decision",
    "jure-10-signer": "A juror reads the decision and signs it",
    "jure-11-verrouiller": "The president locks it",
    "jure-12-verrouillee": "Locked, secret until the ceremony",
    "jure-13-proces-verbal": "The minutes",
}
PAGE = """# The day in pictures

Made by `.venv/bin/python -m tests.film` from the demo edition. After a change of a page, make its
picture again and look at it.

## A student's day, on a phone (375 px)

{student}

## A juror's evening, on a tablet (1024 × 768)

{juror}
"""


def main(names: Iterable[str]) -> int:
    only = set(names)
    if unknown := only - STUDENT.keys() - JUROR.keys():
        print(f"Unknown: {', '.join(sorted(unknown))}")
        return 2
    path = services.headless_chromium_bin()
    if path is None:
        print("Chromium is not installed.")
        return 1
    with run_directory(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        wanted = only or STUDENT.keys() | JUROR.keys()
        if wanted & STUDENT.keys():
            student.day(browser, wanted, student.deadline)
            student.prizes(browser, wanted)
        if wanted & JUROR.keys():
            jury.evening(browser, wanted)
            jury.night(browser, wanted)
        browser.close()
    write_page()
    return 0


def write_page() -> None:
    text = PAGE.format(student=table(STUDENT, 4, 210), juror=table(JUROR, 2, 420))
    (ROOT / "docs" / "film.md").write_text(text)


def table(captions: dict[str, str], columns: int, width: int) -> str:
    cells = [
        f'<td><img src="img/film-{name}.webp" width="{width}" alt=""><br>\n{caption}</td>'
        for name, caption in captions.items()
    ]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    lines = ["<tr>\n" + "\n".join(row) + "\n</tr>" for row in rows]
    return "\n".join(["<table>", *lines, "</table>"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
