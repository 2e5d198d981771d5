import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import expect

from tests.browser.site import ADMIN, Person, until, until_equal, until_live

PARIS = ZoneInfo("Europe/Paris")
EDITION = "/organisation/editions/ccd"
TITLE = "Faire venir de nouveaux producteurs"
DONE = "Le calendrier est à jour"


def local(**delta: float) -> str:
    return (datetime.now(PARIS) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%S")


def move(organizer: Person, **instants: str) -> None:
    organizer.open(f"{EDITION}/calendrier/")
    organizer.fill(**instants)
    organizer.press("Appliquer")
    confirm = organizer.page.get_by_role("button", name=re.compile("^(Avancer l|Décaler$)"))
    done = organizer.page.get_by_text(DONE)
    expect(confirm.or_(done).first).to_be_visible()
    if confirm.count():
        confirm.click()
        expect(done.first).to_be_visible()


def send(person: Person, name: str) -> None:
    """Returns once the answer is there: opening another page before cancels the request."""
    with person.page.expect_navigation():
        person.press(name)


def set_up(organizer: Person, plan: Path) -> None:
    organizer.open("/organisation/editions/nouvelle/")
    organizer.fill(name="Crazy Charly Day", slug="ccd", day=local(days=1)[:10])
    send(organizer, "Créer l’édition")
    organizer.open(f"{EDITION}/departements/")
    organizer.fill(departments="INFOCOM Information et Communication")
    organizer.press("Ajouter")
    organizer.expect_text("Information et Communication")
    organizer.page.locator(".setup-department a[href*='/sujets/']").first.click()
    organizer.fill(title=TITLE, body="Imaginez un **événement**.", published_at=local(days=1))
    organizer.page.locator("main [name=attachments]").set_input_files(plan)
    send(organizer, "Enregistrer le sujet")
    organizer.open(EDITION + "/")
    link = organizer.page.locator(".setup-department a[href$='/livrables/']").first.get_attribute(
        "href"
    )
    assert link is not None
    jury = link.replace("livrables", "jury")
    for name, kind, formats in [("Dossier", "file", "pdf"), ("Sources", "file", "zip")]:
        organizer.open(f"{link}nouveau/")
        organizer.page.locator(f"main [name=kind][value={kind}]").check(force=True)
        organizer.fill(name=name, formats=formats)
        organizer.press("Enregistrer")
        organizer.expect_text(name)
    for name, weight in [("Réponse au besoin", "3"), ("Originalité", "2")]:
        organizer.open(f"{jury}criteres/nouveau/")
        organizer.fill(name=name, weight=weight)
        organizer.press("Enregistrer")
        organizer.expect_text(name)
    organizer.open(f"{jury}jures/nouveau/")
    organizer.fill(email="diane@example.org", name="Diane Présidente")
    organizer.page.locator("main [name=is_president]").check(force=True)
    organizer.press("Ajouter et inviter")
    organizer.expect_text("Diane Présidente")
    organizer.open(EDITION + "/etat/")
    organizer.press("Afficher cette édition")
    organizer.expect_text("est maintenant l’édition affichée")


def pdf() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "#4b3bff").save(out, "PDF")
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        files.writestr("index.html", "<h1>GRAAL</h1>")
    return out.getvalue()


def hand_in(student: Person, deliverable: str, name: str, content: bytes) -> None:
    card = student.page.locator("article.deliverable").filter(has_text=deliverable)
    if card.locator("details.deposit-more:not([open])").count():
        card.locator("details.deposit-more > summary").click()
    card.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    card.get_by_role("button", name="Envoyer le fichier").click()
    expect(card.get_by_text(re.compile(r"Reçu à \d\d?:\d\d:\d\d")).first).to_be_visible()


def test_a_whole_day(person: Callable[..., Person], tmp_path: Path) -> None:
    organizer, student, mate = person(1366, 900), person(375, 812), person(1280, 800)
    juror, projector = person(1024, 768), person(1920, 1080)
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(pdf())

    # In the morning the organizer sets up the edition and opens the registration.
    organizer.sign_in_on_the_page(*ADMIN)
    set_up(organizer, plan)
    move(organizer, registration_opens_at=local(minutes=-1), registration_closes_at=local(hours=5))
    projector.open("/ecran/")
    projector.expect_text("Crazy Charly Day")

    # A captain registers a team, a member joins with the code.
    student.sign_up("ada@example.org", "Ada Capitaine")
    student.open("/equipe/inscrire/")
    student.page.locator("main [name=department]").first.check(force=True)
    student.fill(name="Com’unik", room="214", floor="2")
    send(student, "Inscrire l’équipe")
    student.open("/equipe/")
    student.expect_text("Com’unik")
    code = re.search(r"/equipe/rejoindre/([A-Z0-9]{6})/", student.page.content())
    assert code is not None
    mate.sign_up("ben@example.org", "Ben Membre", link=f"/equipe/rejoindre/{code[1]}/")
    mate.expect_text("Com’unik")
    mate.press("Rejoindre")
    student.expect_text("Ben Membre")
    student.shot("equipe")

    # The event starts; the brief appears at its instant on an open page.
    move(organizer, starts_at=local(seconds=-1), deadline_at=local(hours=2))
    student.open("/sujets/")
    assert TITLE not in student.page.content()
    organizer.open(EDITION + "/departements/")
    organizer.page.locator(".setup-department a[href*='/sujets/']").first.click()
    until_live(student.page)
    organizer.fill(published_at=local(seconds=6))
    organizer.press("Enregistrer le sujet")
    student.expect_text(TITLE)
    student.shot("sujets")

    # The team hands in a PDF and a ZIP; the control room and the projector follow.
    organizer.open("/pilotage/")
    student.open("/rendu/")
    hand_in(student, "Dossier", "dossier.pdf", pdf())
    hand_in(student, "Sources", "sources.zip", archive())
    student.shot("rendu")
    expect(
        projector.page.locator(".window.is-complete, .window[data-state=complete]").first
    ).to_be_visible()
    organizer.expect_text("Com’unik")
    organizer.shot("pilotage")
    projector.shot("ecran")

    # An announcement and a moved deadline reach every open page without a reload.
    mate.open("/rendu/")
    for someone in (student, mate, projector):
        until_live(someone.page)
    action = mate.page.locator("form[data-deposit]").first.get_attribute("action")
    token = mate.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    organizer.open("/annonces/nouvelle/")
    organizer.page.locator("main select[name=audience]").select_option("everyone")
    organizer.fill(body="Il reste **cinq minutes** de pizza.")
    organizer.press("Envoyer")
    organizer.expect_text("Annonce envoyée")
    for someone in (student, mate, projector):
        someone.expect_text(re.compile("cinq minutes"))
    before = student.page.locator("[data-countdown]").first.get_attribute("datetime")
    deadline_at, opens_at = local(seconds=12), local(seconds=13)
    move(
        organizer,
        deadline_at=deadline_at,
        grace_seconds="0",
        judging_opens_at=opens_at,
    )
    for someone in (student, mate, projector):  # a busy one may show it when it has passed
        until(someone.page, f"document.querySelector('[data-countdown]')?.dateTime !== '{before}'")

    # The deadline passes; open pages show it, and a late deposit is refused.
    mate.expect_text("Le rendu est clos")
    mate.shot("clos")
    # For the server too: the time that a page has estimated may be a second fast.
    until_equal(mate.page, lambda: local() > opens_at, True, "Whether the jury may mark")
    refused = mate.page.request.post(
        f"{mate.site.url}{action}",
        multipart={
            "csrfmiddlewaretoken": token,
            "file": {"name": "trop-tard.pdf", "mimeType": "application/pdf", "buffer": pdf()},
        },
        headers={"Referer": mate.site.url},
    )
    assert refused.status == 422
    assert "Trop tard" in refused.text()
    mate.page.reload()
    assert mate.page.get_by_text("version 2").count() == 0

    # The jury marks, finishes, deliberates.
    juror.sign_in_by_code("diane@example.org")
    juror.open("/jury/")
    juror.expect_text("Com’unik")
    juror.press("Noter Com’unik")
    juror.page.locator("[data-sheet][data-ready]").wait_for()
    juror.shot("fiche")
    for field, mark in zip(
        juror.page.locator("[data-field] .scale-line").all(), ["16", "14"], strict=True
    ):
        field.get_by_role("button", name=mark, exact=True).click()
    juror.expect_text("2 sur 2 notés")  # which is shown before they are stored
    expect(juror.page.locator("[data-note]", has_text="Enregistré à")).to_have_count(2)
    juror.page.reload()
    juror.page.locator("[data-sheet][data-ready]").wait_for()
    juror.expect_text("2 sur 2 notés")
    juror.press("Terminer")
    juror.expect_text("Fiche de Com’unik terminée")
    organizer.open(EDITION + "/identite/")
    organizer.fill(winners_min="1")
    organizer.press("Enregistrer")
    organizer.expect_text("C’est enregistré.")
    juror.open("/jury/INFOCOM/deliberation/")
    juror.expect_text("15,20")
    juror.page.locator("main table input[type=checkbox]").first.check(force=True)
    juror.page.locator("main table select").first.select_option("1")
    juror.press("Relire et verrouiller")
    juror.page.locator("main [name=confirmed]").check(force=True)
    juror.press("Verrouiller la délibération")
    juror.expect_text(re.compile("Verrouillée par Diane"))
    juror.shot("deliberation")

    # The results are secret before the organizer publishes them, and public afterwards.
    mate.open("/palmares/")
    assert "Com’unik" not in mate.page.locator("main").inner_text()
    organizer.open("/organisation/resultats/")
    organizer.page.locator("main [name=confirmed]").check(force=True)
    organizer.press("Publier")
    mate.expect_text("Com’unik")
    mate.shot("palmares")
