"""Makes the pictures of the guide, and `docs/fr/film.md`: a student's day on a phone, a juror's
evening on a tablet.

    python -m tests.film [NAME…]

Needs Chromium. NAMEs are those of pictures, to make only these. Fails if a scene does.
"""

import sys
from collections.abc import Iterable

from playwright.sync_api import sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, ROOT
from tests.film import jury, student
from tests.film.pages import PAGES, pages
from tests.run_directory import run_directory

STUDENT = {
    "eleve-01-accueil": "La veille : ce que c’est, où et quand",
    "eleve-02-code": "Pour entrer, un code reçu par e-mail",
    "eleve-03-sans-equipe": "Inscrire une équipe, ou en rejoindre une avec son code",
    "eleve-04-rejoindre": "L’équipe, avant de la rejoindre",
    "eleve-05-equipe": "L’équipe et son code",
    "eleve-06-avant-le-sujet": "La journée commence : un compte à rebours jusqu’au sujet",
    "eleve-07-sujet": "Le sujet, à son heure",
    "eleve-08-question": "Une question, et la réponse du client",
    "eleve-09-appel": "Un appel à l’aide, et la place dans la file",
    "eleve-10-rendu": "Ce qu’il faut rendre, sous l’horloge",
    "eleve-11-envoi": "Un envoi en cours",
    "eleve-12-recu": "Le reçu",
    "eleve-13-dernieres-minutes": "Les dernières minutes",
    "eleve-14-marge": "L’heure limite est passée ; un envoi commencé avant continue",
    "eleve-15-clos": "C’est fini : ce qui compte",
    "eleve-16-palmares": "Le lendemain : les lauréats",
    "eleve-17-nos-notes": "Les notes de l’équipe, expliquées",
}
JUROR = {
    "jure-01-badge": "Le badge est lu par la tablette",
    "jure-02-equipes": "Les équipes à lire, la suivante en premier",
    "jure-03-fiche": "Le travail à côté des notes",
    "jure-04-notes": "Une note entière d’un geste, une demie d’un geste de plus",
    "jure-05-passer": "L’équipe est absente ou occupée : la passer",
    "jure-06-sans-reseau": "Sans réseau : gardé ici, envoyé plus tard",
    "jure-07-ordre": "L’ordre du juré, et là où ses notes en diffèrent",
    "jure-08-suivi": "La présidence : où en est le jury",
    "jure-09-deliberation": "La présidence : le classement et la décision",
    "jure-10-signer": "Un juré lit la décision et la signe",
    "jure-11-verrouiller": "La présidence la verrouille",
    "jure-12-verrouillee": "Verrouillée, secrète jusqu’à la cérémonie",
    "jure-13-proces-verbal": "Le procès-verbal",
}
PAGE = """# La journée en images

Ces images viennent de l’édition de démonstration. Un programme les refait :
`.venv/bin/python -m tests.film`.

## La journée d’un étudiant, sur un téléphone

{student}

## La soirée d’un juré, sur une tablette

{juror}
"""


def main(names: Iterable[str]) -> int:
    only = set(names)
    if unknown := only - STUDENT.keys() - JUROR.keys() - PAGES:
        print(f"Unknown: {', '.join(sorted(unknown))}")
        return 2
    path = services.headless_chromium_bin()
    if path is None:
        print("Chromium is not installed.")
        return 1
    with run_directory(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        wanted = only or STUDENT.keys() | JUROR.keys() | PAGES
        pages(browser, wanted)
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
    text = PAGE.format(student=listed(STUDENT), juror=listed(JUROR))
    (ROOT / "docs" / "fr" / "film.md").write_text(text)


def listed(captions: dict[str, str]) -> str:
    return "\n".join(
        f"* ![](../img/film-{name}.webp)\n  {caption}" for name, caption in captions.items()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
