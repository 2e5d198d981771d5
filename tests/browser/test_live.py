import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.edition_setup import PASSWORD
from tests.browser.site import (
    Person,
    until,
    until_equal,
    until_live,
    until_reported,
)

# State that a reload would lose.
MARK = "window.kept = true"
HEAR = """() => {
    window.received = [];
    const record = ({ detail }) => received.push(detail.id);
    document.body.addEventListener("live:announcement.published", record);
}"""

NOTHING_IS_UNREAD = "document.querySelectorAll('.is-unread:not([data-read])').length === 0"


def toasts(page: Page, text: str) -> Any:
    return page.locator(".toast").filter(has_text=text)


def frames_of(page: Page) -> list[tuple[str, dict[str, Any]]]:
    frames: list[tuple[str, dict[str, Any]]] = []

    def on_socket(socket: Any) -> None:
        frames.append(("opens", {}))
        socket.on("framesent", lambda text: frames.append(("says", json.loads(text))))
        socket.on("framereceived", lambda text: frames.append(("received", json.loads(text))))

    page.on("websocket", on_socket)
    return frames


def first_of_last_socket(frames: list[tuple[str, dict[str, Any]]]) -> str:
    """Empty as long as the browser has not reported it."""
    kinds = [kind for kind, _ in frames]
    after = frames[len(kinds) - kinds[::-1].index("opens") :] if "opens" in kinds else []
    return " ".join([after[0][0], after[0][1]["type"]]) if after else ""


def test_missed_messages_arrive_after_offline_without_a_reload(visit, organizer, network):
    """The page asks for them as soon as the network is back: its own timers stand still then."""
    organizer.end_in(hours=2)
    page = visit(network=network, stopped=True)
    until_live(page)
    page.evaluate(MARK)
    page.evaluate(HEAR)
    frames = frames_of(page)

    network.is_silent = True
    page.context.set_offline(True)
    page.clock.run_for(6_000)
    until_live(page, "lost")
    expect(page.locator("[data-live-state]")).to_have_text("Hors ligne")
    organizer.announce("Pendant six secondes de tunnel")
    organizer.end_in(hours=3)
    network.cut()
    network.is_silent = False
    page.context.set_offline(False)

    until_live(page)
    expect(toasts(page, "six secondes de tunnel")).to_be_visible()
    page.clock.run_for(2_000)
    until(page, "/^2:5/.test(document.querySelector('[data-countdown]').textContent)")
    assert page.evaluate(
        "window.kept && received.length === new Set(received).size && received.length > 0"
    )
    # One round trip: the page asks for missed messages before it receives any other.
    until_equal(page, lambda: first_of_last_socket(frames), "says resume")


def test_a_page_from_the_back_forward_cache_catches_up_and_keeps_typed_text(
    whole_chromium, edition_site, organizer
):
    person = Person(whole_chromium, edition_site, width=1280, height=800)
    person.sign_in("max@example.org", PASSWORD)
    person.open("/equipe/")
    page = person.page
    until_live(page)
    page.evaluate(MARK)
    page.locator("#join-code").fill("KX4")

    page.goto("/sujets/")
    organizer.end_in(minutes=95)
    page.go_back(wait_until="commit")

    until_live(page)
    assert page.evaluate("window.kept"), "the browser did not keep the page"
    until(page, "/^1:3/.test(document.querySelector('[data-countdown]').textContent)")
    expect(page.locator("#join-code")).to_have_value("KX4")
    assert person.errors == []


def test_a_signed_out_page_keeps_typed_text_until_the_next_sign_in(visit, organizer):
    page = visit(path="/rendu/", email="ada@example.org")
    until_live(page)
    page.evaluate(MARK)
    page.locator("main textarea").first.fill("Notre pitch, presque fini")

    elsewhere = page.context.new_page()
    elsewhere.goto("/rendu/")
    elsewhere.locator("details.menu > summary").first.click()
    elsewhere.get_by_role("button", name="Se déconnecter").click()
    elsewhere.wait_for_load_state()
    bar = page.locator("[data-session]")
    expect(bar).to_contain_text("Vous n’êtes plus connecté")
    organizer.announce("Pour tout le monde")
    expect(toasts(page, "Pour tout le monde")).to_be_visible()
    page.locator("main form[data-deposit] button[data-send]:visible").first.click()
    assert page.url.endswith("/rendu/")

    with page.context.expect_page() as opened:
        bar.get_by_role("link", name="Se reconnecter").click()
    door = opened.value
    door.get_by_text("J’ai un mot de passe").click()
    door.locator("#password_login").fill("ada@example.org")
    door.locator("#password_password").fill(PASSWORD)
    door.get_by_role("button", name="Entrer avec le mot de passe").click()
    door.wait_for_url("**/rendu/")
    door.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(bar).to_be_hidden()
    assert page.evaluate("window.kept")
    assert page.locator("main textarea").first.input_value() == "Notre pitch, presque fini"
    page.locator("main form[data-deposit] button[data-send]:visible").first.click()
    expect(page.locator("main")).to_contain_text("Reçu à")


def test_a_correction_is_marked_as_read_too_if_it_comes_while_the_old_text_is(visit, organizer):
    page = visit(path="/annonces/", email="max@example.org")
    until_live(page)
    until(page, NOTHING_IS_UNREAD)  # of what was published before
    marked: list[Route] = []

    def mark(route: Route) -> None:
        marked.append(route)
        if len(marked) > 1:
            route.continue_()

    page.route("**/lu/", mark)
    organizer.announce("Salle 105")
    item = page.locator(".announcement", has_text="Salle 105").first
    expect(item).to_be_visible()
    until_equal(page, lambda: len(marked), 1)
    pk = item.get_attribute("data-announcement")
    organizer.ask("PATCH", f"/api/v1/announcements/{pk}/", body="Salle 501")
    expect(page.locator(".announcement", has_text="Salle 501").first).to_be_visible()

    with page.expect_response("**/lu/"):
        marked[0].continue_()
    until(page, NOTHING_IS_UNREAD)

    stamps = [route.request.post_data or "" for route in marked]
    assert [f"a{pk}-1" in text for text in stamps] == [False, True]


def types_of(frames: list[str]) -> set[str]:
    return {json.loads(text)["type"] for text in frames}


def test_a_page_that_was_just_loaded_fetches_nothing_for_what_it_contains(
    chromium, edition_site, organizer
):
    """An announcement was the last thing that happened, and the page fetches itself for each."""
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("eve@example.org", PASSWORD)
    person.stop_time()
    asked: list[str] = []
    person.page.on(
        "request", lambda request: asked.append(f"{request.resource_type} {request.url}")
    )
    received: list[str] = []
    person.page.on("websocket", lambda s: s.on("framereceived", lambda f: received.append(str(f))))
    organizer.announce("Juste avant")

    person.open("/annonces/")
    until_live(person.page)
    until_equal(person.page, lambda: "live.resumed" in types_of(received), True)
    person.page.clock.run_for(10_000)
    until_reported(person.page, asked)

    address = f"{edition_site.url}/annonces/"
    assert f"document {address}" in asked
    assert f"fetch {address}" not in asked
    assert not [name for name in types_of(received) if name.startswith("announcement")]
    person.context.close()
