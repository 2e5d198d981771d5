from playwright.sync_api import Locator, Page, expect

from tests.browser.edition_setup import PASSWORD, SET_UP
from tests.browser.site import until

# An edition with a jury of three, four teams and two criteria, after the marking: each juror has
# marked each team.
MARKED = (
    SET_UP
    + """
from judging.models import Criterion
Juror.objects.create(department=infocom, user=people["max"], kind="client")
people["lou"] = User.objects.create(email="lou@example.org", name="Lou", password=hashed)
Juror.objects.create(department=infocom, user=people["lou"], is_president=True)
for n in range(3):
    Team.objects.create(edition=edition, department=infocom, name=f"Les {n}", registered_at=now)
Criterion.objects.create(department=infocom, name="Besoin", weight=1, position=1)
Criterion.objects.create(department=infocom, name="Audace", weight=1, position=2)
edition.organizers.set(User.objects.filter(is_superuser=True))
from decimal import Decimal
from judging.scoring.services import sheets
Edition.objects.update(
    registration_closes_at=now - timedelta(hours=1),
    deadline_at=now - timedelta(hours=1), judging_opens_at=now - timedelta(minutes=50),
    winners_min=1, winners_max=2,
)
criteria = list(Criterion.objects.all())
for juror in Juror.objects.select_related("department__edition", "user"):
    for place, read in enumerate(Team.objects.order_by("pk")):
        marks = {criterion: Decimal(16 - 3 * place) for criterion in criteria}
        sheets.save(
            juror=juror, team=read, marks=marks, finish=True, by=juror.user, at=clock.now()
        )
lou = people["lou"]
lou.emailaddress_set.create(email=lou.email, verified=True, primary=True)
"""
)


FITS = """[...document.querySelectorAll(".table-wrap")]
    .every((table) => table.scrollWidth <= table.clientWidth)"""


def line_of(page: Page, team: str) -> Locator:
    # By its checkbox: the words of a line name other teams.
    return page.locator(".ranking tr").filter(has=page.get_by_role("checkbox", name=team))


def test_a_decision_is_prepared_signed_changed_signed_again_and_locked(site, person):
    site.manage("shell", "-v0", "-c", MARKED)
    president, juror = person(1366, 900), person(1024, 768)
    juror.sign_in("dan@example.org", PASSWORD)
    juror.open("/jury/INFOCOM/signer/")
    juror.expect_text("Rien à signer pour l’instant")
    president.sign_in("lou@example.org", PASSWORD)
    president.open("/jury/INFOCOM/deliberation/")

    # The whole table fits a tablet in portrait orientation.
    president.page.set_viewport_size({"width": 768, "height": 1024})
    until(president.page, FITS)
    president.page.set_viewport_size({"width": 1366, "height": 900})

    # The deliberation that the president opens appears on the juror's tablet, without marks.
    line = line_of(president.page, "Com’unik")
    line.get_by_role("checkbox").check()
    line.locator("select").select_option("1")
    president.press("Enregistrer le brouillon")
    president.press("Ouvrir à la signature")
    juror.expect_text("Com’unik")
    expect(juror.page.get_by_text("16,00")).to_have_count(0)
    juror.shot("verdict-1-signer")
    juror.press("Signer la décision")
    juror.expect_text("Vous avez signé à")
    signature = president.page.locator("#signers li").filter(has_text="Dan")
    expect(signature.locator(".ok")).to_be_visible()

    # Another winner: the signature becomes invalid, and the tablet shows it.
    line.locator("select").select_option("")
    second = line_of(president.page, "Les 0")
    second.get_by_role("checkbox").check()
    second.locator("select").select_option("1")
    president.page.get_by_label("Motif, si la décision").fill("Leur idée.")
    president.press("Enregistrer le brouillon")
    expect(signature.get_by_text("pas encore")).to_be_visible()
    juror.expect_text("Rien à signer pour l’instant")

    # Signed again and locked: the jury can read the minutes.
    president.press("Ouvrir à la signature")
    juror.expect_text("Les 0")
    juror.press("Signer la décision")
    expect(signature.locator(".ok")).to_be_visible()
    president.press("Relire et verrouiller")
    president.expect_text("« Les 0 » passe devant « Com’unik")
    expect(signature.locator(".ok")).to_be_visible()  # a reload shows the same
    president.page.locator("main [name=confirmed]").check()
    president.shot("verdict-2-verrouiller")
    president.press("Verrouiller la délibération")
    president.expect_text("Verrouillée par Lou")
    expect(signature.locator(".ok")).to_be_visible()
    juror.open("/jury/INFOCOM/signer/")
    juror.expect_text("Vous pourrez la relire après la remise des prix.")
    minutes = president.page.get_by_role("link", name="Procès-verbal").get_attribute("href")
    answer = president.page.request.get(f"{site.url}{minutes}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    president.shot("verdict-3-verrouillee")
