# The end of a jury's evening: one sheet is missing, its juror is late, and another one is asked.

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.site import Site, demo_site, running_site
from tests.browser.tablets import Tablet, give, pending, ready, sign_in, until_kept

# All sheets are finished but one, which its juror has not begun. Prints its team, and who may be
# asked to read it.
EVENING = """
from decimal import Decimal
from django.utils import timezone
from hackathon.extras.offered_readings.models import Offering
from judging.models import Assignment, Criterion, Juror, Recusal, Score, ScoreSheet
department = Juror.objects.get(user__email=%r).department
now = timezone.now()
criteria = list(Criterion.objects.filter(department=department))
planned = list(Assignment.objects.filter(juror__department=department).order_by("pk"))
ScoreSheet.objects.filter(team__department=department).delete()
late = planned[-1]
for row in planned[:-1]:
    sheet = ScoreSheet.objects.create(
        juror=row.juror, team=row.team, state="final", changed_at=now, finished_at=now)
    mark = Decimal(8 + row.team_id %% 5 + row.juror_id %% 3)
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=criterion, value=criterion.scale * mark // 20, changed_at=now)
        for criterion in criteria)
Offering.objects.get_or_create(department=department)
barred = set(Recusal.objects.filter(team=late.team).values_list("juror_id", flat=True))
readers = barred | {row.juror_id for row in planned if row.team_id == late.team_id}
free = Juror.objects.seated().filter(department=department).exclude(pk__in=readers)
print(late.team.name, *[juror.user.email for juror in free], sep="|")
"""
SHEET = """
from judging.models import Assignment, ScoreSheet
print(*[f"{sheet.state} {sheet.scores.count()}"
        for sheet in ScoreSheet.objects.filter(team__name=%r, juror__user__email=%r)])
print(*[row.kind for row in Assignment.objects.filter(team__name=%r, juror__user__email=%r)])
"""


@pytest.fixture(scope="module")
def evening() -> Iterator[tuple[Site, str, dict[str, str]]]:
    data, accounts = demo_site("judging")
    with running_site(data) as site:
        president = next(a for a in accounts if a["role"] == "president")
        found = site.manage("shell", "-v0", "-c", EVENING % president["email"]).strip()
        team, *emails = found.split("|")
        yield site, team, next(a for a in accounts if a["email"] in emails)


@pytest.fixture
def tablet(chromium, evening) -> Iterator[Tablet]:
    tablet = Tablet(chromium, evening[0])
    yield tablet
    tablet.close()


def test_a_free_juror_is_asked_for_the_missing_sheet_and_marks_it_without_the_site(tablet, evening):
    site, team, juror = evening
    page = tablet.page
    sign_in(page, site, juror)
    offer = page.locator("[data-offer]")
    expect(offer).to_contain_text("Votre lecture départagera")
    button = offer.get_by_role("button", name=f"Lire {team}")
    expect(button).to_be_visible()
    until_kept(page)

    site.stop()
    tablet.open("/jury/")  # from the device
    expect(page.locator(".team-row").first).to_be_visible()
    expect(offer).to_be_hidden()
    site.start()
    tablet.open("/jury/")
    button.click()
    expect(page.locator("h1")).to_have_text(team)
    ready(page)
    until_kept(page)

    site.stop()
    tablet.open(page.url.removeprefix(site.url))
    ready(page)
    marks = page.locator(".scale[data-top]").count()
    for index in range(marks):
        give(page, index, page.locator(".scale[data-top]").nth(index).get_attribute("data-top"))
    page.get_by_role("button", name="Terminer").click()
    expect(pending(page)).to_contain_text("à envoyer")
    site.start()
    tablet.open("/jury/")
    expect(pending(page)).to_have_text("Tout est enregistré")

    row = page.locator(".team-row", has_text=team)
    expect(row).to_contain_text("terminée")
    expect(page.locator(".team-row").last).to_contain_text(team)
    sheet, kind = site.manage(
        "shell", "-v0", "-c", SHEET % (team, juror["email"], team, juror["email"])
    ).splitlines()
    assert (sheet, kind) == (f"final {marks}", "second")
