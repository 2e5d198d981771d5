"""The acts that publish live messages, one function each: `(stage, instant)`.

The stage has everybody and everything by name (`tests.addresses.World`).
"""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.core.cache import cache

from hackathon.base.core.received_files import received_file
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.announcements.services import announcements
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import questions
from hackathon.day.stage import services as screens
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import briefs, notices, schedule
from hackathon.event.partners import services as partners
from judging.ceremony.services import comparison
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision as deliberation
from judging.deliberation.services import reminders
from judging.models import Criterion
from judging.scoring.services import sheets as scoring
from judging.setup.services import method
from judging.setup.services import seats as jury
from submissions.deliverables import services as deliverables
from submissions.deposits import services as deposits
from submissions.extensions import services as extensions
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.live import lights_completed
from submissions.models import Submission, Upload
from submissions.seals import services as seals
from submissions.storage import Space
from submissions.transfers import services as transfers
from teams.enums import Circle, ReceiptMails
from teams.models import Membership
from teams.services import calls, membership, teams
from tests.conftest import DEADLINE, make_team, make_user


def hand_in(w: SimpleNamespace, at: datetime) -> object:
    return deposits.deposit(w.link, w.team, url="https://example.org", begun_at=at, by=w.ada, at=at)


def write_about_the_client(w: SimpleNamespace, at: datetime) -> None:
    partners.write_client(edition=w.edition, text="Autre", by=w.organizer, at=at)


def thank_another_partner(w: SimpleNamespace, at: datetime) -> None:
    partners.save_partner(edition=w.edition, name="Banque", by=w.organizer, at=at)


def look_inside(w: SimpleNamespace, at: datetime) -> None:
    submission = Submission.objects.latest("pk")
    inspections.record(submission, Result({"type": "pdf", "pages": 2}), at=at)


def hand_in_a_file(w: SimpleNamespace, at: datetime) -> object:
    file = received_file(b"%PDF-1.4 again", "again.pdf")
    return deposits.deposit(w.deliverable, w.team, file=file, begun_at=at, by=w.ada, at=at)


def light_the_last_window(w: SimpleNamespace, at: datetime) -> None:
    lights_completed(w.other, 2, at=at)


def begin_an_upload(w: SimpleNamespace, at: datetime) -> None:
    transfers.begin(w.team, w.deliverable.pk, length=5, filename="film.pdf", by=w.ada, at=at)


def give_an_upload_up(w: SimpleNamespace, at: datetime) -> None:
    transfers.forget(Upload.objects.get().pk, at=at)


def grant(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.organizer, "at": at}
    return extensions.grant(w.edition, team=w.team, minutes=25, reason="Coupure", **act)


def revoke(w: SimpleNamespace, at: datetime) -> object:
    return extensions.revoke(w.extension, by=w.organizer, at=at)


def ask_for_more(w: SimpleNamespace, at: datetime) -> object:
    return deliverables.save(w.department, name="Affiche", kind="link", by=w.organizer, at=at)


def seal(w: SimpleNamespace, at: datetime) -> None:
    assert seals.make_due(w.edition, at=at)


def fill_the_disk(w: SimpleNamespace, at: datetime) -> None:
    cache.clear()
    transfers.warn_if_low(Space(free=10, promised=0, reserve=10), at=at)


def register(w: SimpleNamespace, at: datetime) -> object:
    return teams.register(w.edition, w.department, "Les Tardifs", by=w.organizer, at=at)


def rename(w: SimpleNamespace, at: datetime) -> object:
    return teams.edit(w.team, name="Com’uniq", by=w.organizer, at=at)


def take_away(w: SimpleNamespace, at: datetime) -> object:
    return membership.remove(w.membership, by=w.organizer, at=at)


def dissolve(w: SimpleNamespace, at: datetime) -> object:
    return teams.dissolve(w.other, by=w.organizer, at=at)


def move(w: SimpleNamespace, at: datetime) -> object:
    instants = {"deadline_at": DEADLINE + timedelta(hours=1)}
    return schedule.move(edition=w.edition, instants=instants, by=w.organizer, at=at)


def rewrite_the_brief(w: SimpleNamespace, at: datetime) -> object:
    return briefs.write(
        department=w.department,
        title="Autre chose",
        body="*Tout autre*",
        published_at=w.brief.published_at,
        by=w.organizer,
        at=at,
    )


def announce(
    w: SimpleNamespace, at: datetime, body: str = "**À table**", **given: datetime
) -> object:
    return announcements.announce(
        edition=w.edition,
        audience=EVERYONE,
        audience_label="Tout le monde",
        body=body,
        by=w.organizer,
        at=at,
        **given,
    )


def announce_later(w: SimpleNamespace, at: datetime) -> object:
    return announce(w, at, "Pizzas", publish_at=at + timedelta(hours=1))


def correct(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.organizer, "at": at}
    return announcements.correct(announcement=w.announcement, body="Bienvenus", pinned=True, **act)


def withdraw(w: SimpleNamespace, at: datetime) -> None:
    announcements.withdraw(announcement=w.announcement, by=w.organizer, at=at)


ANSWERS = Answerer(organizer=True)


def ask(w: SimpleNamespace, at: datetime) -> object:
    asker = Asker(w.team.pk, w.team.name, w.department, closes_at=DEADLINE)
    content = {"to": "client", "topic": "practical", "body": "Et les prises ?"}
    return questions.ask(asker=asker, by=w.ada, at=at, **content)


def take(w: SimpleNamespace, at: datetime) -> object:
    return questions.take(question=w.question, who=ANSWERS, by=w.organizer, at=at)


def release(w: SimpleNamespace, at: datetime) -> object:
    return questions.release(question=w.question, who=ANSWERS, by=w.organizer, at=at)


def answer(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.organizer, "at": at}
    return questions.answer(question=w.question, who=ANSWERS, text="Oui.", **act)


def publish_the_answer(w: SimpleNamespace, at: datetime) -> object:
    content = {"to": "department", "wording": "Un logo ?", "text": "Oui."}
    act = {"by": w.organizer, "at": at}
    return questions.publish(question=w.question, who=ANSWERS, **content, **act)


def close(w: SimpleNamespace, at: datetime) -> object:
    return questions.close(question=w.question, who=ANSWERS, by=w.organizer, at=at)


def call_behind(w: SimpleNamespace, at: datetime) -> object:
    member = make_user("vic@example.org")
    neighbours = make_team(w.department, "Les Voisins", member, room="215")
    return calls.request(team=neighbours, kind=w.call.kind, by=member, at=at)


def withdraw_the_call_before(w: SimpleNamespace, at: datetime) -> object:
    return calls.withdraw(call=w.call, by=w.ada, at=at)


def switch_the_scene(w: SimpleNamespace, at: datetime) -> object:
    return screens.choose(edition=w.edition, scene="day", by=w.organizer, at=at)


def add_a_projector(w: SimpleNamespace, at: datetime) -> object:
    return projectors.save(edition=w.edition, name="Amphi Ouest", room="", by=w.organizer, at=at)


def finish_a_sheet(w: SimpleNamespace, at: datetime) -> object:
    marks = dict.fromkeys(Criterion.objects.filter(department=w.department), Decimal(3))
    act = {"by": w.juror.user, "at": at}
    return scoring.save(juror=w.juror, team=w.team, marks=marks, finish=True, **act)


def remind_a_juror(w: SimpleNamespace, at: datetime) -> object:
    act = {"list_url": "http://testserver/jury/", "by": w.organizer, "at": at}
    return reminders.remind(department=w.department, juror_pk=w.juror.pk, **act)


def appoint(w: SimpleNamespace, at: datetime) -> object:
    email = make_user("sam@example.org", "Sam").email
    return jury.appoint(department=w.department, email=email, by=w.organizer, at=at)


def decide(w: SimpleNamespace, at: datetime) -> None:
    Edition.objects.update(winners_min=1, winners_max=1)
    finish_a_sheet(w, at)
    dissolve(w, at)
    act = {"by": w.president.user, "at": at}
    deliberation.decide(department=w.department, nominees=[w.team.pk], places={w.team.pk: 1}, **act)


def lock(w: SimpleNamespace, at: datetime) -> object:
    return deliberation.lock(department=w.department, by=w.president.user, at=at)


def nominate(w: SimpleNamespace, at: datetime) -> None:
    Edition.objects.update(winners_min=1, winners_max=1)
    finish_a_sheet(w, at)
    act = {"department": w.department, "by": w.president.user, "at": at}
    method.hear_nominees(hears=True, **act)
    deliberation.decide(nominees=[w.team.pk], places={}, **act)


def lock_nominations(w: SimpleNamespace, at: datetime) -> object:
    return deliberation.lock(nominees=True, department=w.department, by=w.president.user, at=at)


def open_to_sign(w: SimpleNamespace, at: datetime) -> object:
    return deliberation.open_to_sign(department=w.department, by=w.president.user, at=at)


def decide_and_open(w: SimpleNamespace, at: datetime) -> None:
    decide(w, at)
    open_to_sign(w, at)


def decide_again(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.president.user, "at": at}
    return deliberation.decide(department=w.department, nominees=[], places={}, **act)


def sign(w: SimpleNamespace, at: datetime) -> object:
    return deliberation.sign(juror=w.juror, seen=at, by=w.juror.user, at=at)


def reopen(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.president.user, "at": at}
    return deliberation.reopen(department=w.department, reason="Oubli", **act)


def decide_and_lock(w: SimpleNamespace, at: datetime) -> None:
    decide(w, at)
    lock(w, at)


def show_the_works(w: SimpleNamespace, at: datetime) -> None:
    Membership.objects.update(shows_works_to=Circle.EVERYBODY)


def hide_the_works(w: SimpleNamespace, at: datetime) -> None:
    choice = {"receipt_mails": ReceiptMails.DIGEST, "shows_works_to": Circle.NOBODY}
    membership.choose(Membership.objects.get(user=w.ada), at=at, **choice)


def publish_results(w: SimpleNamespace, at: datetime) -> object:
    return results.publish(edition=w.edition, by=w.organizer, at=at)


def publish_shared_marks(w: SimpleNamespace, at: datetime) -> None:
    Edition.objects.update(shares_marks=True)
    decide_and_lock(w, at)
    publish_results(SimpleNamespace(**vars(w) | {"edition": Edition.objects.get()}), at)


def agree_to_compare(w: SimpleNamespace, at: datetime) -> None:
    comparison.agree(edition=w.edition, by=w.ada, at=at)


def rehearse(w: SimpleNamespace, at: datetime) -> object:
    return ceremony.start(edition=w.edition, rehearsal=True, by=w.organizer, at=at)


def say_that_an_hour_is_left(w: SimpleNamespace, at: datetime) -> None:
    assert notices.give_due(w.edition, at=at)


MORNING = DEADLINE + timedelta(hours=11)
