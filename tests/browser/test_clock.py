import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.edition_setup import Organizer
from tests.browser.page_scripts import BACKGROUND, SLEEP, WRONG_CLOCK
from tests.browser.site import module, settle, until, until_live
from tests.waiting import wait_until

# The error of the page's server time, in ms. Site and browser share the clock of this machine.
ERROR = (
    """async () => {
    const { serverNow } = await """
    + module("clock")
    + """;
    return serverNow() - (window.wrong?.real ?? Date.now)();
}"""
)
CLOCK = "[data-countdown][data-title]"
REAL_TIME = "wrong.real"
# Whether times were shown as sure or not, since then.
MARK_CLOCK = """() => {
    window.marked = [];
    new MutationObserver(() => marked.push(document.documentElement.dataset.clock ?? "sure"))
        .observe(document.documentElement, { attributeFilter: ["data-clock"] });
}"""
CORRECTED = "marked.includes('unsure') && marked.at(-1) === 'sure'"
TITLES = """() => {
    window.titles = new Set();
    new MutationObserver(() => titles.add(document.title))
        .observe(document.querySelector("title"), { childList: true });
}"""


# Number and title are the time left until the deadline, within a second.
def expect_right(page: Page, deadline: datetime, real_time: str = "Date.now") -> None:
    until(
        page,
        f"""(() => {{
            const seconds = (text) => text.replace(",", ".").split(":")
                .reduce((sum, part) => 60 * sum + Number(part), 0);
            const left = {deadline.timestamp()} - {real_time}() / 1000;
            return [document.querySelector("{CLOCK}").textContent, document.title.split(" · ")[0]]
                .every((text) => seconds(text) >= left - 0.2 && seconds(text) <= left + 1.2);
        }})()""",
    )


def until_is_over(deadline: datetime, shown: str) -> None:
    """Until there are at least two seconds less than this text says."""
    hours, minutes, seconds = map(int, shown.split(":"))
    at = deadline - timedelta(hours=hours, minutes=minutes, seconds=seconds - 2)
    wait_until(lambda: datetime.now(UTC) > at)


def test_the_clock_is_right_if_the_computer_is_ten_minutes_fast(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    deadline = organizer.end_in(hours=2)
    page = visit(WRONG_CLOCK)
    settle(page)

    assert abs(page.evaluate(ERROR)) < 50
    expect_right(page, deadline, REAL_TIME)

    # The computer's clock is set while the page runs: an hour back, then right.
    for by in (-3_600_000, 0):
        page.evaluate(MARK_CLOCK)
        page.evaluate(f"wrong.by = {by}")
        until(page, CORRECTED)
        settle(page)
        until(page, f"({ERROR})().then((error) => Math.abs(error) < 50)")
        expect_right(page, deadline, REAL_TIME)


def test_the_clock_is_corrected_after_sleep(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    deadline = organizer.end_in(hours=2)
    page = visit(SLEEP)
    settle(page)
    page.evaluate(MARK_CLOCK)

    page.evaluate("slept.by = 900_000")

    until(page, CORRECTED)
    expect_right(page, deadline, "slept.real")


def test_a_background_page_continues_its_countdown_in_the_title(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    deadline = organizer.end_in(hours=2)
    page = visit(BACKGROUND)
    settle(page)

    page.evaluate(TITLES)
    page.evaluate("background.hide()")
    until(page, "titles.size >= 3")
    expect_right(page, deadline)

    page.evaluate("background.show()")
    expect_right(page, deadline)


def test_a_frozen_page_is_right_when_it_resumes(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    deadline = organizer.end_in(hours=2)
    page = visit()
    settle(page)
    browser = page.context.new_cdp_session(page)
    stale = page.locator(CLOCK).inner_text()

    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    until_is_over(deadline, stale)
    browser.send("Page.setWebLifecycleState", {"state": "active"})

    until_live(page)
    expect_right(page, deadline)


def test_the_last_minute_in_tenths_and_then_the_next_milestone(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    organizer.end_in(hours=2)
    page, calm = visit(), visit(reduced_motion="reduce")
    for each in (page, calm):
        until_live(each)

    organizer.end_in(seconds=50)
    expect(page.locator(CLOCK)).to_have_text(re.compile(r"^\d+,\d$"))
    expect(calm.locator(CLOCK)).to_have_text(re.compile(r"^\d+$"))  # no animated digits
    expect(page.locator(CLOCK)).to_have_attribute("data-state", "last")
    expect(page).to_have_title(re.compile(r"^\d+ · "))
    organizer.end_in(seconds=1)
    for each in (page, calm):
        expect(each.locator("#clock")).to_contain_text("Heure limite passée")
    organizer.end_in(hours=2)
    expect(page.locator("#clock")).to_contain_text("Rendu dans")


def test_the_timeline_follows_the_time_and_the_organizer(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    organizer.end_in(hours=2)
    page = visit(WRONG_CLOCK)
    page.set_viewport_size({"width": 375, "height": 812})
    expect(page.locator(".day-next")).to_contain_text("Rendu des travaux")
    until_live(page)
    settle(page)
    marker = "parseFloat(document.querySelector('[data-day-now]').style.getPropertyValue('--at'))"
    before = page.evaluate(marker)
    page.evaluate("window.kept = true")

    organizer.site.manage("shell", "-v0", "-c", ADD_MILESTONE)
    organizer.end_in(minutes=30)  # the site publishes it; the shell is another process

    expect(page.locator(".day-next")).to_contain_text("Pizzas")
    expect(page.locator(".day-next")).to_contain_text(re.compile("dans (9|10) min"))
    until(page, f"{marker} > {before} + 5")  # the day is shorter, so the marker moves
    # Ten minutes later by the server's clock the next milestone is shown, without a reload.
    page.evaluate(
        """async () => {
        const { addRoundTrip } = await """
        + module("clock")
        + """;
        addRoundTrip(performance.now(), performance.now(), wrong.real() + 11 * 60_000);
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    )
    expect(page.locator(".day-next")).to_contain_text("Rendu des travaux")
    assert page.evaluate("window.kept")


ADD_MILESTONE = """
from datetime import timedelta
from hackathon.core import clock
from hackathon.editions.models import Edition
Edition.objects.get().milestones.create(
    kind="meal", label="Pizzas", at=clock.now() + timedelta(minutes=10)
)
"""


def test_the_day_ends_later_for_a_team_with_more_time(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    def ends_at(page: Page, deadline: datetime) -> None:
        ms = round(deadline.timestamp() * 1000)
        until(
            page,
            "Math.abs(Date.parse(document.querySelector('[data-day-end]').dataset.dayEnd) "
            f"- {ms}) < 2",
        )

    deadline, more = organizer.end_in(hours=2), timedelta(minutes=30)
    visitor, member = visit(), visit(path="/rendu/", email="ada@example.org")
    until_live(visitor)
    until_live(member)

    team = member.locator("#deposits").get_attribute("data-team")
    organizer.ask("POST", "/api/v1/extensions/", team=team, minutes=30, reason="Panne")

    ends_at(member, deadline + more)
    earlier = organizer.end_in(hours=1)
    ends_at(member, earlier + more)
    ends_at(visitor, earlier)
