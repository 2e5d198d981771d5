import re

import pytest
from playwright.sync_api import expect

from tests.browser.cards import (
    SIZE,
    card,
    choose,
    digest,
    expect_received,
    outcome,
    pdf,
    progress,
    send_half,
    sha256,
    stored_versions,
)
from tests.browser.former_databases import store_before

OWN = """() => ({
    team: document.querySelector("#deposits").dataset.team,
    deliverable: document.querySelector("form[data-deposit]").dataset.deposit,
})"""


def test_the_network_is_lost_during_an_upload_and_the_page_reloaded(ada, proxy, tmp_path):
    dossier, file = card(ada, "Dossier"), pdf(tmp_path)
    send_half(dossier, proxy, file)

    ada.context.set_offline(True)
    expect(progress(dossier)).to_contain_text(re.compile(r"Connexion perdue, reprise dans \d\ss"))
    nothing = outcome(dossier).inner_text()
    ada.context.set_offline(False)
    ada.page.reload()
    expect(progress(dossier)).to_have_text("Envoi en cours")
    proxy.release()

    expect_received(dossier)
    assert nothing == ""
    assert stored_versions(ada) == [(1, sha256(file))]
    assert proxy.passed < 1.6 * SIZE  # the bytes received before were not sent again


def test_a_transfer_that_an_older_version_of_the_page_stored_goes_on(ada):
    dossier = card(ada, "Dossier")
    ids = ada.page.evaluate(OWN)
    key, text = f"{ids['team']}/{ids['deliverable']}", "%PDF-1.7 " + "x" * 2000
    kind = {"type": "application/pdf", "lastModified": 1_600_000_000_000}
    record = {"key": key, "attempt": "one", "name": "dossier.pdf", "size": len(text), **kind, **ids}
    record |= {"keptAt": ada.page.evaluate("Date.now()"), "paused": True}
    file = {"name": "dossier.pdf", "text": text, **kind}
    files = {"key": key, "attempt": "one", "file": file}
    store_before(ada.page, "deposits", ("transfers", None, record), ("files", None, files))

    ada.open("/rendu/")
    dossier.get_by_role("button", name="Reprendre").click()

    expect_received(dossier)
    assert stored_versions(ada) == [(1, digest(text))]


def test_only_one_tab_uploads(ada, proxy, tmp_path):
    dossier, file = card(ada, "Dossier"), pdf(tmp_path)
    send_half(dossier, proxy, file)

    other = ada.context.new_page()
    other.goto("/rendu/")
    expect(progress(card(other, "Dossier"))).to_contain_text("Le serveur reçoit déjà ce livrable")
    ada.page.close()
    proxy.release()

    expect_received(card(other, "Dossier"))
    assert stored_versions(ada) == [(1, sha256(file))]


@pytest.mark.parametrize("name", ["Dossier", "Pitch"])
def test_the_response_of_an_upload_is_lost(name, ada, proxy, tmp_path):
    handed_in = card(ada, name)
    proxy.lose_answer = True

    if name == "Dossier":
        choose(handed_in, pdf(tmp_path, 3_000_000))
        expect_received(handed_in)
    else:
        handed_in.locator("textarea").fill("Notre idée")
        handed_in.get_by_role("button", name="Envoyer le texte").click()
        expect(outcome(handed_in)).to_contain_text(re.compile("Le serveur a bien tout reçu|reçu à"))

    # A browser may repeat a request by itself if the connection is reset before any response.
    # A resumable upload that is received twice is stored once.
    versions = stored_versions(ada, name)
    assert len({digest for _version, digest in versions}) == 1
    assert len(versions) == 1 or name == "Pitch"
