from django.utils.translation import gettext_lazy

from hackathon.base.core import extras
from hackathon.base.core.mail_tasks import mail_task
from judging.tasks import mail_juror, seated_juror
from teams.models import Team


@mail_task(gettext_lazy("Phrases demandées à un juré"), max_retries=6)
def ask_for_sentences(juror_pk: int, team_pks: list[int], list_url: str) -> None:
    """For the letters to these teams."""
    juror = seated_juror(juror_pk)
    if juror and extras.is_on("letters", juror.department.edition):
        subject = gettext_lazy("Jury {department} : une phrase pour les lettres")
        teams = list(Team.objects.filter(pk__in=team_pks).values_list("name", flat=True))
        mail_juror(juror, subject, "letters/email/sentences", teams=teams, list_url=list_url)
