"""An edition in which each address has something to show."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session

from hackathon.base.accounts.models import ApiToken, SignIn, User
from hackathon.base.core.received_files import received_file
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.announcements.services import announcements
from hackathon.day.questions.enums import Addressee, Topic
from hackathon.day.questions.models import CannedAnswer
from hackathon.day.questions.rules import Asker
from hackathon.day.questions.services import questions
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.appearance import services as appearance
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.services import briefs
from hackathon.event.imports import drafts
from hackathon.event.imports.enums import ImportKind
from hackathon.event.imports.models import Import
from hackathon.event.imports.reading import open_document
from hackathon.event.partners import services as partners
from hackathon.run.privacy.models import ErasureRequest
from judging.models import Badge, CeremonyMessage, Criterion, Flag, Juror, Recusal
from submissions.deposits import services as deposits
from submissions.extensions import services as extensions
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Inspection
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from teams.enums import HelpKind
from teams.models import Duty, Placement, Student, Team, TeamNote
from teams.services import calls
from tests.addresses import World
from tests.appearance.pictures import png
from tests.conftest import DEADLINE, NOON
from tests.extras import all_cases
from tests.partners.conftest import PNG


@pytest.fixture
def world(
    edition: Edition,
    infocom: Department,
    brief: Brief,
    dossier: Deliverable,
    criteria: list[Criterion],
    comunik: Team,
    pixels: Team,
    ada: User,
    ben: User,
    eve: User,
    dan: Juror,
    diane: Juror,
    max: Juror,  # noqa: A002
    loner: User,
    rhea: User,
    dora: User,
) -> World:
    """Everybody, a brief with an attachment, a deposit, an extension, a seal, a call for help."""
    milestone = Milestone.objects.create(
        edition=edition, kind="halfway", label="Mi-parcours", at=NOON + timedelta(hours=3)
    )
    attachment = briefs.attach(
        brief=brief, file=received_file(b"%PDF-1.4 plan", "plan.pdf"), by=eve, at=NOON
    )
    page = partners.write_client(
        edition=edition,
        text="**Une épicerie.**",
        representatives="Max Client, directeur",
        logo=received_file(PNG, "logo.png"),
        documents=[received_file(b"%PDF-1.4 charte", "charte.pdf")],
        by=eve,
        at=NOON,
    )
    pictures = dict.fromkeys(PictureKind, png())
    appearance.update(edition=edition, pictures=pictures, color="#1b4f9c", by=eve, at=NOON)
    edition.refresh_from_db()
    partner = partners.save_partner(
        edition=edition, name="Ville", logo=received_file(PNG, "logo.png"), by=eve, at=NOON
    )
    projector = projectors.save(edition=edition, name="Amphi Est", room="Amphi 1", by=eve, at=NOON)
    submission = deposits.deposit(
        dossier,
        comunik,
        file=received_file(b"%PDF-1.4 dossier", "dossier.pdf"),
        begun_at=NOON,
        by=ada,
        at=NOON,
    )
    inspections.record(submission, Result({"type": "pdf", "pages": 1}, thumbnail=b"RIFF"), at=NOON)
    inspections.make_reading_copy(
        Inspection.objects.get(submission=submission), at=NOON, make=lambda _path, _out: True
    )
    extension = extensions.grant(edition, team=comunik, minutes=10, reason="Panne", by=eve, at=NOON)
    (seal,) = seals.make_due(edition, at=DEADLINE + SETTLE)
    call = calls.request(team=comunik, kind=HelpKind.TEACHER, by=ada, at=NOON)
    duty = Duty.objects.create(edition=edition, user=dan.user, kind=HelpKind.TECHNICAL)
    announcement = announcements.announce(
        edition=edition,
        audience=EVERYONE,
        audience_label="Tout le monde",
        body="Bienvenue",
        by=eve,
        at=NOON,
    )
    question = questions.ask(
        asker=Asker(comunik.pk, comunik.name, infocom, closes_at=DEADLINE),
        to=Addressee.CLIENT,
        topic=Topic.BRIEF,
        body="Faut-il un logo ?",
        by=ada,
        at=NOON,
    )
    objects: dict[str, Any] = {
        "draft": Import.objects.create(
            edition=edition,
            kind="students",
            content=drafts.pack(open_document(b"mail\nzoe@x.fr\n"), ImportKind.STUDENTS, {}),
            uploaded_at=NOON,
        ),
        "import": Import.objects.create(
            edition=edition,
            kind="students",
            uploaded_at=NOON,
            applied_at=NOON,
            counts={"created": 0, "updated": 0},
            record={"new": [], "edits": []},
        ),
        "erasure_request": ErasureRequest.objects.create(user=ben, asked_at=NOON),
        "canned": CannedAnswer.objects.create(edition=edition, text="Lisez le sujet."),
        "question": question,
        "announcement": announcement,
        "edition": edition,
        "link": SocialAccount.objects.create(user=ada, provider="cas", uid="ada@univ.example"),
        "sign_in": SignIn.objects.create(
            session=Session.objects.create(session_key="1" * 32, expire_date=DEADLINE),
            user=ada,
            at=NOON,
        ),
        "department": infocom,
        "brief": brief,
        "client_document": page.documents.get(),
        "partner": partner,
        "ceremony_message": CeremonyMessage.objects.create(
            edition=edition, anchor="opening", title="Merci"
        ),
        "projector": projector,
        "attachment": attachment,
        "brief_version": brief.versions.create(title="Avant", body="Avant"),
        "milestone": milestone,
        "organizer": eve,
        "deliverable": dossier,
        "submission": submission,
        "extension": extension,
        "seal": seal,
        "department_seal": edition.seals.get(department=infocom),
        "criterion": criteria[0],
        "juror": dan,
        "badge": Badge.objects.create(
            juror=dan, key=UUID(int=1), digest="0" * 64, pin="x", issued_at=NOON
        ),
        "flag": Flag.objects.create(
            juror=dan, team=comunik, key=UUID(int=1), text="Pas de courant.", raised_at=NOON
        ),
        "recusal": Recusal.objects.create(  # of no team that dan judges here
            juror=dan, team=pixels, reason="Sa fille", made_at=NOON, made_by=dan.user
        ),
        "team": comunik,
        "student": Student.objects.create(edition=edition, user=ben, department=infocom),
        "call": call,
        "placement": Placement.objects.create(edition=edition, at=NOON, changes=[]),
        "note": TeamNote.objects.create(
            team=comunik, text="Vue à 21:10", written_by=eve, written_at=NOON
        ),
        "duty": duty,
        "token": ApiToken.objects.create(
            user=ada, name="robot", created_at=NOON, expires_at=NOON + timedelta(days=1)
        ),
        "membership": comunik.memberships.get(user=ben),
        "own_membership": comunik.memberships.get(user=ada),
    }
    for cases in all_cases():
        objects |= cases.objects(objects)
    return World(objects)
