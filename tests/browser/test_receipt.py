import re

from playwright.sync_api import expect

from tests.browser.cards import PASSWORD, SET_UP, TEAMS
from tests.browser.page_scripts import DARK_ON_PAPER
from tests.browser.site import until_equal

CONTENT = b"%PDF-1.7\n".ljust(2_000_000, b"x")


def test_a_receipt_is_mailed_read_and_checked(site, person, tmp_path):
    site.manage("shell", "-v0", "-c", SET_UP.replace(f"range({TEAMS})", "range(1)"))
    token = site.manage("token", "ada0@example.org").split()[-1]
    ada, visitor = person(375, 812), person(375, 812)
    ada.sign_in("ada0@example.org", PASSWORD)
    handed_in = ada.page.request.post(
        "/api/v1/submissions/",
        headers={"Authorization": f"Token {token}"},
        multipart={
            "deliverable": "1",
            "file": {"name": "dossier.pdf", "mimeType": "application/pdf", "buffer": CONTENT},
        },
    ).json()

    ada.open(f"/depots/{handed_in['id']}/recu/")
    ada.expect_text("Dossier")
    spoken = ada.page.locator("#receipt-code").inner_text()
    assert spoken.replace("-", "") == handed_in["receipt"]
    ada.shot("receipt")
    ada.page.emulate_media(media="print", color_scheme="dark")
    assert ada.page.evaluate(DARK_ON_PAPER) == []
    ada.page.emulate_media(media="screen")
    printed = ada.page.request.get(f"/depots/{handed_in['id']}/recu.pdf")
    assert printed.body().startswith(b"%PDF-")

    visitor.open("/recus/")
    visitor.fill(code=spoken.lower())
    visitor.press("Vérifier")
    visitor.expect_text("Ce reçu est authentique.")
    choose = visitor.page.locator("#compare-file")
    outcome = visitor.page.locator("[data-outcome]")
    expect(visitor.page.locator("[data-compare]")).to_be_visible()  # once its script has run
    for name, content, text in [
        ("the-one.pdf", CONTENT, "C’est exactement ce qui a été reçu."),
        ("one-byte.pdf", b"y" + CONTENT[1:], "la taille est la même, l’empreinte non"),
        (
            "longer.pdf",
            CONTENT + b"x",
            re.compile(r"a 2\s000\s001 octets, le reçu dit 2\s000\s000"),
        ),
    ]:
        file = tmp_path / name
        file.write_bytes(content)
        choose.set_input_files(file)
        expect(outcome).to_contain_text(text)
    visitor.shot("receipt-checked")

    mailed = f"[recu-{spoken}.pdf, "
    until_equal(ada.page, lambda: site.log.read_text().count(mailed), 1)  # the others get a digest
    log = site.log.read_text()
    assert set(re.findall(r"^To: (\S+)$", log, re.M)) >= {
        "ada0@example.org",
    }
