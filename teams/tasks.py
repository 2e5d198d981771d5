"""Tasks do nothing if their rows are gone. A task that runs twice sends its e-mail twice."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core.mail import compose, in_french
from hackathon.base.core.mail_tasks import mail_task
from teams.enums import MembershipMail
from teams.models import Membership, Student, Team
from teams.selectors.teams import members_of


@mail_task(gettext_lazy("Invitation d’un étudiant"), max_retries=4)
def invite_student(student_pk: int, sign_in_url: str) -> None:
    """In French: a task does not know the language of the reader."""
    student = Student.objects.select_related("user", "edition").filter(pk=student_pk).first()
    if student is None:
        return
    edition = student.edition
    places = Membership.objects.select_related("team__department")
    place = places.filter(edition=edition, user=student.user).first()
    with in_french(edition.zone):
        subject = _("Votre place à {edition}").format(edition=edition.name)
        if place is not None:
            subject = _("Votre équipe : {team} · {edition}").format(
                team=place.team.name, edition=edition.name
            )
        context = {
            "student": student,
            "edition": edition,
            "team": place and place.team,
            "sign_in_url": sign_in_url,
        }
        message = compose(subject, "teams/email/invitation", context, to=student.user.email)
    message.send()


@mail_task(gettext_lazy("Entrée dans une équipe, ou sortie"), max_retries=4)
def tell_member(team_pk: int, user_pk: int, what: str) -> None:
    """Nothing if it is no longer so: who was removed may have joined again, and a captain may have
    handed over already.
    """
    team = Team.objects.select_related("edition", "department").filter(pk=team_pk).first()
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    if team is None or user is None:
        return
    edition, members = team.edition, members_of(team)
    place = next((member for member in members if member.user_id == user.pk), None)
    if (place is None) != (what == MembershipMail.REMOVED):
        return
    if what == MembershipMail.CAPTAIN and not (place and place.is_captain):
        return
    with in_french(edition.zone):
        subject = {
            MembershipMail.REGISTERED: _("Votre équipe {team} est inscrite"),
            MembershipMail.JOINED: _("Vous êtes dans l’équipe {team}"),
            MembershipMail.REMOVED: _("Vous n’êtes plus dans l’équipe {team}"),
            MembershipMail.CAPTAIN: _("Vous êtes capitaine de l’équipe {team}"),
        }[MembershipMail(what)].format(team=team.name)
        context = {
            "reader": user,
            "what": what,
            "team": team,
            "department": team.department.name,
            "edition": edition,
            "others": [member.user for member in members if member.user_id != user.pk],
            "page": settings.SITE_URL + reverse("teams:mine"),
            "join_link": settings.SITE_URL + reverse("teams:join", args=[team.join_code]),
        }
        message = compose(subject, "teams/email/membership", context, to=user.email)
    message.send()
