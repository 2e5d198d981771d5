from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core import extras
from hackathon.base.core.mail import compose, in_french
from hackathon.base.core.mail_tasks import mail_task
from hackathon.extras.team_searches.models import Invitation


@mail_task(gettext_lazy("Invitation dans une équipe"), max_retries=4)
def tell_invited(invitation_pk: int) -> None:
    invitations = Invitation.objects.select_related("team__edition", "team__department", "user")
    invitation = invitations.filter(
        pk=invitation_pk, declined_at=None, user__is_active=True
    ).first()
    if invitation is None or not extras.is_on("team_searches", invitation.team.edition):
        return
    team, user = invitation.team, invitation.user
    with in_french(team.edition.zone):
        subject = _("L’équipe {team} vous invite").format(team=team.name)
        page = settings.SITE_URL + reverse("teams:mine") + "#own-search"
        context = {"reader": user, "team": team, "edition": team.edition, "page": page}
        message = compose(subject, "team_searches/email/invited", context, to=user.email)
    message.send()
