from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.browser.page_scripts import WRONG_CLOCK
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


def test_the_clock_is_right_if_the_computer_is_ten_minutes_fast(visit, organizer):
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


def test_a_frozen_page_is_right_when_it_resumes(visit, organizer):
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
