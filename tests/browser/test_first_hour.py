"""From an empty site to an edition that lacks nothing of the organizers, with four spreadsheets."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.site import Person, Site, until_live
from tests.imports.files import SCODOC

DEPARTMENTS = {
    "INFO": "Informatique",
    "INFOCOM": "Info-Com",
    "GEA": "Gestion",
    "TC": "Commerce",
    "CJ": "Carrières juridiques",
}
FIRST = ".check-line .button.is-primary"
NEXT = "#checks-next a"
TABLES = [
    {"-0-title": "Faire venir des producteurs", "-0-body": "Imaginez un **événement**."},
    {"-0-name": "Dossier", "-1-name": "Présentation"},
    {"-0-name": "Réponse au besoin", "-1-name": "Originalité"},
]
TEAMS = """nom;prenom;mail;equipe;salle;département
DURAND;Zoé;zoe.durand@etu.example.org;Les Élans;208;INFO
LE GOFF;Anne;anne.le-goff@etu.example.org;Les Élans;208;INFO
"""
JURORS = "nom;prenom;mail;département;qualité\n" + "".join(
    f"P{code};Ada;p.{code.lower()}@iut.example.org;{code};président\n"
    f"J{code};Bob;j.{code.lower()}@iut.example.org;{code};enseignant\n"
    for code in DEPARTMENTS
)
LEGAL_NOTICE = {
    "publisher": "IUT",
    "publisher_address": "2 ter boulevard Charlemagne, Nancy",
    "publisher_phone": "03 00 00 00 00",
    "director": "Jeanne Martin",
    "host": "IUT",
    "host_address": "2 ter boulevard Charlemagne, Nancy",
    "host_phone": "03 00 00 00 00",
    "dpo": "Service des données",
    "dpo_contact": "dpo@example.org",
    "accessibility_contact": "acces@example.org",
    "accessibility_days": "7",
    "scheme": "Aucun",
    "action_plan": "Aucun",
}

# What four small spreadsheets and a new edition still lack before the day.
EXPECTED = re.compile(
    "pas encore venus|Sans équipe|il en faut au moins|étudiant sans équipe|seule personne organise"
    "|Aucune consigne n’est écrite"
)


@pytest.fixture
def empty(site) -> Site:
    """Without the admin. The process has seen one, so it starts again."""
    site.stop()
    site.manage("shell", "-v0", "-c", "User.objects.all().delete()")
    site.start()
    return site


def scodoc(*, corrected: bool = False) -> str:
    text = "\n".join(";".join(map(str, row)) for row in SCODOC)
    return text.replace("jan.muller@", "jan.mueller@") if corrected else text


def bring(organizer: Person, directory: Path, kind: str, text: str) -> None:
    file = directory / f"{kind}.csv"
    file.write_text(text)
    organizer.page.locator(f"main [name=kind][value={kind}]").check(force=True)
    organizer.page.locator("main [name=file]").set_input_files(file)
    if kind == "students":
        organizer.page.locator("main [name=department]").select_option(label="Informatique")
    organizer.press("Voir l’aperçu")
    organizer.press("Importer")
    organizer.expect_text("Ce qui a été importé")


def test_an_hour_from_nothing_to_an_edition(empty, person, tmp_path):
    organizer, loads = person(1366, 900), []
    organizer.page.on("load", lambda page: loads.append(page.url))
    code = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", empty.manage("setup-code"))
    assert code

    organizer.open("/")
    organizer.fill(code=code[0], person="Eve Martin", email="eve@iut.example.org", client="GRAAL")
    organizer.fill(
        password="une-longue-phrase",
        name="CCD",
        day=f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}",
    )
    organizer.press("Créer le compte")
    organizer.expect_text("personne d’autre ne la voit")
    organizer.page.locator(FIRST).click()
    lines = [f"{short} {name}" for short, name in DEPARTMENTS.items()]
    organizer.fill(departments="\n".join(lines))
    organizer.press("Ajouter")
    organizer.expect_text("Les départements sont enregistrés.")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF-1.4")
    for cells in TABLES:
        organizer.page.locator(NEXT).click()
        for cell, text in cells.items():
            fields = organizer.page.locator(f"main [name$='{cell}']")
            expect(fields).to_have_count(len(DEPARTMENTS))
            for field in fields.all():
                field.evaluate("field => field.closest('details').open = true")
                field.fill(text)
        for field in organizer.page.locator("main [name$='-0-attachments']").all():
            field.set_input_files(plan)
        organizer.press("Enregistrer")
        organizer.expect_text("C’est enregistré.")
    organizer.page.locator(NEXT).click()
    bring(organizer, tmp_path, "jurors", JURORS)
    bring(organizer, tmp_path, "students", scodoc())
    bring(organizer, tmp_path, "teams", TEAMS)
    bring(organizer, tmp_path, "students", scodoc(corrected=True))
    organizer.expect_text("nouvelles : 0, modifiées : 1")
    organizer.page.get_by_role("link", name="CCD", exact=True).click()
    organizer.page.get_by_role("link", name="Les compléter").click()
    organizer.fill(**LEGAL_NOTICE)
    organizer.page.locator("main [name=audit]").select_option("none")
    organizer.press("Enregistrer")
    organizer.expect_text("C’est enregistré.")
    organizer.open("/organisation/editions/ccd/")
    own = organizer.page.locator("[aria-labelledby=owner-organizer]")
    expect(own.locator(".badge.is-warn").first).to_be_visible()
    expect(own.locator(".badge.is-alarm")).to_have_count(0)
    organizer.press("Afficher au public")
    organizer.expect_text("aucune édition")
    visitor = person(375, 812)
    visitor.open("/")
    visitor.expect_text("Rien n’est encore annoncé")
    until_live(visitor.page)
    organizer.press("Afficher cette édition")
    organizer.expect_text("est maintenant l’édition affichée")
    # A test has neither HTTPS nor mail.
    owners = organizer.page.locator("main section.card h2")
    expect(owners).to_have_text([re.compile("À faire"), re.compile("serveur")])
    warnings = own.locator(".check-line > .row-main").all_inner_texts()
    assert [text for text in warnings if not EXPECTED.search(text)] == []
    assert len(loads) < 26, loads  # three of them for the legal notice, once for the site

    visitor.expect_text("Une journée pour tout inventer")
    until_live(visitor.page)
    organizer.open("/organisation/editions/ccd/etat/")
    organizer.press("Masquer")
    visitor.expect_text("Rien n’est encore annoncé")
