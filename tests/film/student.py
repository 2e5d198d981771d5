"""A student's day, from the evening before to the prizes of the next day."""

import re
from collections.abc import Callable, Set
from functools import cache
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, Locator

from hackathon.run.demo import content
from tests.browser.site import until
from tests.film.camera import PHONE, Camera, stage

EMAIL, NAME = "ines.marchal@etu.example.org", "Inès Marchal"
CODE = "from teams.models import Team; print(Team.objects.get(name='Com’unik').join_code)"
SLOW, VERY_SLOW, NO_LIMIT = 150_000, 40_000, -1  # bytes per second of an upload
PUBLISH = """
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from judging.ceremony.services import publication
edition = Edition.objects.current()
edition.shares_marks = True
edition.save()
publication.publish(edition=edition, by=edition.organizers.first(), at=clock.now())
"""


def day(browser: Browser, pictures: Set[str], *more: Callable[[Camera], None]) -> None:
    """Until everything is handed in; then `more` scenes."""
    with stage("registration", "2026-11-25T18:40:00") as found:
        camera = Camera(browser, found, PHONE, pictures)
        evening_before(camera)
        morning(camera)
        afternoon(camera, browser)
        hand_in(camera)
        for scene in more:
            scene(camera)


def prizes(browser: Browser, pictures: Set[str]) -> None:
    with stage("ceremony", "2026-11-27T12:25:00") as found:
        found.set_clock("2026-11-27T13:05:00")
        found.shell(PUBLISH)
        camera = Camera(browser, found, PHONE, pictures)
        camera.sign_in_as("student")
        camera.take("eleve-16-palmares", "/palmares/")
        camera.page.goto("/palmares/mon-equipe/")
        camera.page.mouse.wheel(0, 260)  # to the sentence
        camera.take("eleve-17-nos-notes")


def evening_before(camera: Camera) -> None:
    page = camera.page
    camera.take("eleve-01-accueil", "/")
    page.goto("/compte/connexion/")
    page.locator("main [name=login]").first.fill(EMAIL)
    page.get_by_role("button", name="Recevoir un code par e-mail").click()
    page.locator("main [name=code]").fill(camera.stage.site.mailed_code(EMAIL))
    camera.take("eleve-02-code")
    page.locator("main form button").first.click()
    page.locator("main [name=name]").fill(NAME)
    page.get_by_role("button", name="Continuer").click()
    page.locator("#join-code").fill(camera.stage.shell(CODE))
    camera.take("eleve-03-sans-equipe")
    page.locator("#join-code").press("Enter")
    page.get_by_role("button", name="Oui, rejoindre").wait_for()
    camera.take("eleve-04-rejoindre")
    page.get_by_role("button", name="Oui, rejoindre").click()
    page.locator("main").get_by_text(NAME).first.wait_for()
    camera.take("eleve-05-equipe", "/equipe/")


def morning(camera: Camera) -> None:
    camera.set_clock("2026-11-26T09:58:40")
    camera.take("eleve-06-avant-le-sujet", "/sujets/")
    camera.set_clock("2026-11-26T10:00:20")
    camera.take("eleve-07-sujet", "/sujets/INFOCOM/")


def afternoon(camera: Camera, browser: Browser) -> None:
    page = camera.page
    camera.set_clock("2026-11-26T14:05:00")
    page.goto("/questions/poser/")
    page.locator("main [name=to][value=client]").check(force=True)
    page.locator("main [name=body]").fill("La carte doit-elle montrer aussi les producteurs bio ?")
    page.get_by_role("button", name="Envoyer la question").click()
    page.wait_for_url(re.compile(r"/questions/$"))
    client = Camera(browser, camera.stage, PHONE, frozenset())
    client.sign_in_as("client")
    client.page.goto("/questions/file/")
    client.page.get_by_text("La carte doit-elle").first.click()
    client.page.locator("main [name=text]").fill("Oui, avec un signe à part : ils sont onze.")
    client.page.get_by_role("button", name="Répondre à l’équipe").click()
    client.page.wait_for_load_state()
    client.context.close()
    camera.take("eleve-08-question", "/questions/")
    camera.set_clock("2026-11-26T16:20:00")
    page.goto("/equipe/")
    page.get_by_role("button", name="Appeler un professeur").click()
    page.get_by_role("button", name="Appeler maintenant").click()
    page.locator("#help-withdraw").wait_for()
    camera.take("eleve-09-appel")


def hand_in(camera: Camera) -> None:
    page = camera.page
    camera.set_clock("2026-11-26T21:34:00")
    camera.take("eleve-10-rendu", "/rendu/")
    send(card(camera, "Dossier de stratégie"), "dossier.pdf", document("Dossier"))
    card(camera, "Dossier de stratégie").get_by_text("Le PDF s’ouvre").wait_for()
    link = card(camera, "Site vitrine")
    link.locator("[name=url]").fill("https://graal.example.org/carte/")
    link.get_by_role("button", name="Envoyer le lien").click()
    link.get_by_text(re.compile("version 1 compte")).wait_for()
    poster = card(camera, "Campagne print")
    camera.limit_uploads(SLOW)
    send(poster, "affiche-a3.pdf", print_file())
    until(page, "[...document.querySelectorAll('progress')].some((bar) => bar.value > 0.2)")
    poster.scroll_into_view_if_needed()
    camera.take("eleve-11-envoi")
    camera.limit_uploads(NO_LIMIT)
    poster.get_by_text(re.compile("version 1 compte")).wait_for()
    receipt = card(camera, "Dossier de stratégie").get_by_role("link", name=re.compile("^Reçu "))
    camera.take("eleve-12-recu", receipt.first.get_attribute("href") or "")


def deadline(camera: Camera) -> None:
    page = camera.page
    camera.set_clock("2026-11-26T22:52:10")
    camera.take("eleve-13-dernieres-minutes", "/rendu/")
    camera.set_clock("2026-11-26T22:59:10")
    page.goto("/rendu/")
    talk = card(camera, "Courte présentation")
    camera.limit_uploads(VERY_SLOW)
    send(talk, "presentation.pdf", print_file())
    page.evaluate("scrollTo(0, 0)")
    page.get_by_text("Heure limite passée").first.wait_for()
    camera.take("eleve-14-marge")
    camera.limit_uploads(NO_LIMIT)
    talk.get_by_text(re.compile("version 1 compte")).wait_for()
    camera.set_clock("2026-11-26T23:12:00")
    camera.take("eleve-15-clos", "/rendu/")


def card(camera: Camera, name: str) -> Locator:
    return camera.page.locator("article.deliverable", has_text=name)


def send(deliverable: Locator, name: str, data: bytes) -> None:
    deliverable.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": data}
    )
    deliverable.get_by_role("button", name="Envoyer le fichier").click()


def document(title: str) -> bytes:
    return content.pdf("Com'unik", title, seed=4)


@cache
def print_file() -> bytes:
    """A page of some megabytes."""
    sheet = content.picture("GRAAL", "Auberge espagnole, samedi 28 mars", seed=2)
    large = sheet.resize((2480, 3508))
    noise = Image.effect_noise(large.size, 40).convert("RGB")
    out = BytesIO()
    Image.blend(large, noise, 0.06).save(out, "PDF", quality=97)
    return out.getvalue()
