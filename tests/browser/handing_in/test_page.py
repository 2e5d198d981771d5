import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from hackathon.base.core.typography import spaced
from tests.browser.cards import (
    CLOSE,
    call_api,
    card,
    choose,
    digest,
    drop,
    expect_received,
    outcome,
    pdf,
    progress,
    send_half,
    sha256,
    stored_versions,
)
from tests.browser.site import ADMIN


def test_files_dropped_together_go_to_their_deliverables(ada):
    drop(ada.page, "dossier final.pdf", "Affiches_v2.png")

    expect_received(card(ada, "Dossier"))
    expect_received(card(ada, "Affiche"))
    assert stored_versions(ada) == [(1, digest("dossier final.pdf"))]
    assert stored_versions(ada, "Affiche") == [(1, digest("Affiches_v2.png"))]


def test_an_ambiguous_dropped_file_opens_a_choice(ada):
    drop(ada.page, "scan.pdf", "scan 2.pdf", "notes.txt")
    question = ada.page.get_by_role("dialog")
    rows = question.locator("li")

    ada.shot("question")
    rows.nth(0).get_by_role("combobox").select_option(label="Affiche")
    rows.nth(1).get_by_role("combobox").select_option(label="Affiche")
    question.get_by_role("button", name="Envoyer").click()
    expect(question).to_contain_text(re.compile(r"Deux fichiers pour «\sAffiche\s»"))
    rows.nth(1).get_by_role("combobox").select_option(label="Dossier")
    question.get_by_role("button", name="Envoyer").click()

    expect_received(card(ada, "Dossier"))
    expect_received(card(ada, "Affiche"))
    assert stored_versions(ada) == [(1, digest("scan 2.pdf"))]
    assert stored_versions(ada, "Affiche") == [(1, digest("scan.pdf"))]


def test_a_file_that_would_be_refused_is_not_sent(ada, tmp_path):
    dossier = card(ada, "Dossier")
    heavy, other = tmp_path / "lourd.pdf", tmp_path / "affiche.psd"
    heavy.write_bytes(b"x" * 60_000_001)
    other.write_bytes(b"x")

    for file, message in (
        (heavy, re.compile("^lourd.pdf.*le maximum est 60", re.S)),
        (other, spaced("format accepté : PDF")),
    ):
        dossier.locator("form input[type=file]").set_input_files(file)
        expect(outcome(dossier)).to_contain_text(message)

    assert stored_versions(ada) == []

    # The file is no longer selected: the second press has nothing to send, and the reason stays.
    expect(dossier.locator("form input[type=file]")).to_have_value("")
    expect(dossier.locator("[data-drop-chosen]")).to_be_hidden()
    dossier.get_by_role("button", name="Envoyer le fichier").click()
    expect(outcome(dossier)).to_contain_text(spaced("format accepté : PDF"))


def test_a_chosen_file_that_is_not_sent_says_so_and_asks_before_one_leaves(ada, tmp_path):
    dossier, asked = card(ada, "Dossier"), []
    ada.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    dossier.locator("form input[type=file]").set_input_files(pdf(tmp_path))
    expect(outcome(dossier)).to_contain_text("pas encore envoyé")

    ada.page.get_by_role("link", name="Équipe").first.click()
    ada.page.wait_for_url("**/equipe/")
    ada.page.go_back()
    dossier.locator("form input[type=file]").set_input_files(pdf(tmp_path))
    dossier.get_by_role("button", name="Envoyer le fichier").click()
    expect_received(dossier)
    ada.page.goto("/equipe/")

    assert asked == ["beforeunload"]


def test_a_file_without_a_deliverable_is_explained(ada, tmp_path):
    heavy, empty = tmp_path / "affiche.png", tmp_path / "vide.pdf"
    heavy.write_bytes(b"x" * 61_000_000)
    empty.write_bytes(b"")
    small = [tmp_path / name for name in ("dossier.pdf", "dossier 2.pdf", "scan.pdf", "notes.txt")]
    for file in small:
        file.write_bytes(b"%PDF-1.7")

    ada.page.locator("#deposits-several input").set_input_files([heavy, empty, *small])
    question = ada.page.get_by_role("dialog")
    expect(question.locator("li")).to_have_count(6)
    ada.shot("sans-place")
    why = question.locator("[data-why]").evaluate_all("all => all.map((one) => one.innerText)")
    choices = question.locator("select")
    chosen = choices.evaluate_all("all => all.map((one) => one.selectedOptions[0].label)")

    assert re.fullmatch(r"Le fichier pèse 61\sMo, le maximum est 60\sMo\. Réduisez-le\.", why[0])
    assert why[1] == "Ce fichier est vide. Choisissez-en un autre."
    assert why[2] == ""
    assert why[3].startswith(spaced("« Dossier » est déjà proposé pour « dossier.pdf »"))
    assert why[4] == spaced("Plusieurs livrables peuvent le recevoir : choisissez le sien.")
    assert why[5].endswith(spaced("Formats acceptés : PDF, PNG, JPG."))
    assert chosen == ["Ne pas envoyer"] * 2 + ["Dossier"] + ["Ne pas envoyer"] * 3
    assert [choices.nth(n).is_disabled() for n in range(6)] == [True, True, *[False] * 3, True]
    choices.nth(4).select_option(label="Affiche")
    expect(question.locator("[data-why]").nth(4)).to_be_hidden()
    question.get_by_role("button", name="Annuler").click()
    assert stored_versions(ada) == []


def test_on_a_phone_all_buttons_can_be_reached(ada, proxy, tmp_path):
    dossier = card(ada, "Dossier")
    send_half(dossier, proxy, pdf(tmp_path))
    ada.shot("telephone")

    shown = dossier.locator(".button:visible")
    expect(shown).to_have_count(2)
    width = ada.page.evaluate("document.documentElement.scrollWidth")
    buttons = [button.bounding_box() for button in shown.all()]
    picture = card(ada, "Affiche").locator("form input[type=file]").get_attribute("accept")
    proxy.release()

    expect_received(dossier)
    assert width <= 390
    assert all(box and box["height"] >= 48 for box in buttons)
    assert (
        picture == ".pdf,.png,.jpg,.jpeg,image/png,image/jpeg"
    )  # phones have a button of their own


def test_without_script_the_form_works(chromium, ada, proxy, tmp_path):
    file = pdf(tmp_path, 3_000_000)
    context = chromium.new_context(
        java_script_enabled=False, base_url=proxy.url, storage_state=ada.context.storage_state()
    )
    page = context.new_page()
    page.goto("/rendu/")

    rule = page.locator("#deposits-rule").text_content() or ""
    choose(card(page, "Dossier"), file)
    expect(page.get_by_text("Dossier : reçu à")).to_be_visible()
    context.close()

    assert re.search(r"commencé avant .* peut finir jusqu’à", rule)
    assert stored_versions(ada) == [(1, sha256(file))]


def test_refused_text_stays_in_the_form_with_the_reason_at_its_field(ada):
    pitch = card(ada, "Pitch")
    field, text = pitch.locator("textarea"), "a" * 20_001
    send = pitch.get_by_role("button", name="Envoyer le texte")

    field.fill(text)
    send.click()

    expect(field).to_have_accessible_description(re.compile("20001 signes"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    assert field.input_value() == text

    field.fill("Une auberge espagnole.")
    send.click()

    expect(outcome(pitch)).to_contain_text("version 1")
    expect(pitch.locator(".field-error")).to_have_count(0)


def test_a_late_upload_is_refused_and_an_extension_lets_it_finish(ada, site, proxy, tmp_path):
    dossier, file = card(ada, "Dossier"), pdf(tmp_path)
    token = site.manage("token", ADMIN[0]).split()[-1]
    later = datetime.now(UTC) + timedelta(hours=2)  # the test before has let it pass
    call_api(site, token, "PATCH", "edition", {"deadline_at": later.isoformat()})
    send_half(dossier, proxy, file)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    call_api(site, token, "PATCH", "edition", {"deadline_at": soon.isoformat()})
    limit = ada.page.locator("[data-limit]")
    expect(dossier.locator("[data-limit] time")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(limit.filter(visible=True)).to_have_count(1)  # only for what is being sent
    expect(ada.page.locator("#clock")).to_contain_text("Heure limite passée")
    expect(ada.page.locator("#clock [data-countdown]")).to_have_count(0)

    site.manage("shell", "-v0", "-c", CLOSE)  # without a live message
    proxy.release()
    late = progress(dossier)
    expect(late).to_contain_text(re.compile(r"Trop tard\s: .* Voyez l’organisation"))
    nothing = (outcome(dossier).inner_text(), stored_versions(ada))
    ada.page.reload()
    expect(late).to_contain_text("Trop tard")
    ada.shot("trop-tard")
    team = int(ada.page.locator("#deposits").get_attribute("data-team") or 0)
    granted = {"team": team, "minutes": 30, "reason": "Panne de réseau"}
    call_api(site, token, "POST", "extensions", granted)

    expect_received(dossier)
    assert nothing == ("", [])
    assert stored_versions(ada) == [(1, sha256(file))]
