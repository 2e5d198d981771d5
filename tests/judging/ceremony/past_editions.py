"""Published editions of earlier years."""

from datetime import timedelta

from hackathon.base.accounts.models import User
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.partners.models import Partner
from judging.deliberation import envelope
from judging.models import Award, Deliberation, Nomination
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import MORNING, NIGHT

LATER = MORNING + timedelta(minutes=5)
YEAR = timedelta(days=365)
SENTENCE = (
    "Un client, un sujet, une journée : chaque équipe rend un projet, "
    "que des jurys départagent le lendemain."
)


def past_edition(slug: str, years: int, *, winners: int = 2, departments: int = 1) -> Edition:
    """Published `years` before the others, with a sealed decision of each department."""
    before = years * YEAR
    edition = Edition.objects.create(
        slug=slug,
        name=f"Édition {slug}",
        number=9 - years,
        client=f"Client {slug}",
        school="IUT",
        story=f"Histoire **{slug}**",
        state=EditionState.ARCHIVED,
        registration_opens_at=NOON - before - timedelta(days=9),
        registration_closes_at=NOON - before - timedelta(days=1),
        starts_at=NOON - before,
        deadline_at=NOON - before + timedelta(hours=10),
        judging_opens_at=NOON - before + timedelta(hours=11),
        results_published_at=MORNING - before,
    )
    Partner.objects.create(edition=edition, name=f"Partenaire {slug}")
    for number in range(departments):
        code = f"INFO{number or ''}"
        department = Department.objects.create(edition=edition, code=code, name=f"Dépt {code}")
        Brief.objects.create(
            department=department, title=f"Sujet {slug}", body="…", published_at=NOON - before
        )
        decide(department, winners=winners, before=before)
    return edition


def decide(department: Department, *, winners: int, before: timedelta) -> Deliberation:
    """As many nominees more than winners, who have agreed to nothing."""
    locked_at = NIGHT - before
    slug, code = department.edition.slug, department.code
    teams = [
        make_team(
            department,
            f"Équipe {code} {n} de {slug}",
            make_user(f"student{User.objects.count()}@example.org", f"Nom{n} {slug} {code}"),
            project=f"Projet {n}",
        )
        for n in range(winners + 1)
    ]
    results = envelope.results_of(
        edition=slug,
        department=code,
        locked_at=locked_at,
        nominees=[team.name for team in teams],
        places={rank: [team.name] for rank, team in enumerate(teams[:winners], start=1)},
    )
    salt, digest = envelope.close(results)
    decision = Deliberation.objects.create(
        department=department,
        locked_at=locked_at,
        locked_by=teams[0].memberships.get().user,
        salt=salt,
        digest=digest,
        record={"results": results},
    )
    Nomination.objects.bulk_create(Nomination(deliberation=decision, team=team) for team in teams)
    Award.objects.bulk_create(
        Award(deliberation=decision, team=team, rank=rank)
        for rank, team in enumerate(teams[:winners], start=1)
    )
    return decision
