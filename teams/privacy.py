from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import (
    BLANK,
    DELETE,
    HELP,
    KEEP,
    REPLACE,
    SHOWN,
    STAFF,
    TEAM,
    Reader,
    registry,
)
from teams.models import (
    Duty,
    HelpRequest,
    Membership,
    Placement,
    Removal,
    Room,
    Student,
    Team,
    TeamNote,
)

registry.declare(
    Student,
    "user number programme group",
    TEAM,
    _("Ce que les listes de l’école disent : département, formation, groupe, numéro étudiant"),
    beside="edition department listed_at invited_at mail_at",
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Membership,
    "user",
    TEAM,
    _("Votre équipe, depuis quand, si vous en êtes capitaine, et vos e-mails de reçu"),
    beside="team is_captain joined_at receipt_mails",
    anonymise=REPLACE,
    because=_("Une équipe qui a rendu quelque chose garde ses places, sans les noms."),
    readers=(Reader.TEAM, Reader.JURY, Reader.ORGANIZERS),
)
registry.declare(
    Membership,
    "absent_at",
    TEAM,
    _("Si l’organisation a noté que vous n’étiez pas là"),
    beside="team",
    erase=BLANK,
    anonymise=BLANK,
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Membership,
    "certificate_name",
    TEAM,
    _("Votre nom sur vos attestations, s’il n’est plus celui de votre compte"),
    beside="team",
    erase=BLANK,
    anonymise=BLANK,
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Membership,
    " ".join(Membership.CONSENTS),
    SHOWN,
    _("Votre accord pour montrer votre nom, votre adresse ou vos travaux"),
    beside="team",
    erase=BLANK,
    anonymise=BLANK,
)
registry.declare(
    Team,
    "name project room",
    TEAM,
    _("Le nom, le projet et la salle de votre équipe"),
    beside="edition department registered_at",
    owner="memberships__user",
    anonymise=KEEP,
    because=_("Ils appartiennent à toute l’équipe, et le palmarès et les scellés les citent."),
    readers=(Reader.EVERYONE,),
)
registry.declare(
    Team,
    "works_hidden_because",
    TEAM,
    _("Pourquoi l’organisation ne montre pas les travaux de votre équipe"),
    owner="memberships__user",
    anonymise=BLANK,
    because=_("Ce motif concerne toute l’équipe."),
    readers=(Reader.TEAM, Reader.ORGANIZERS),
)
registry.declare(
    Removal,
    "user team_name",
    TEAM,
    _("L’équipe dont vous avez été retiré"),
    beside="at",
    readers=(Reader.YOU,),
)
registry.declare(
    TeamNote,
    "text",
    TEAM,
    _("Ce que l’organisation note sur votre équipe"),
    exported=None,
    readers=(Reader.ORGANIZERS,),
)
registry.declare(
    HelpRequest,
    "requested_by note place",
    HELP,
    _("Vos appels à l’aide : à quel sujet, où, quand"),
    beside="team kind requested_at closed_at",
    owner="requested_by",
    anonymise=DELETE,
    because=_("Un appel est celui de toute l’équipe."),
)
registry.declare(
    Duty,
    "user",
    STAFF,
    _("Pour quoi les équipes peuvent vous appeler"),
    beside="edition kind department",
    readers=(Reader.STUDENTS, Reader.ORGANIZERS),
)
registry.actor(Team, "absent_by visitor", _("Les équipes que vous visitez"))
registry.actor(TeamNote, "written_by", _("Les notes que vous écrivez sur des équipes"))
registry.actor(HelpRequest, "claimed_by", _("Les appels auxquels vous répondez"))
registry.not_personal("a secret of the team, without a person", Team, only="join_code")
registry.not_personal("rooms of the school", Room)
registry.not_personal("which team was in which room, by name", Placement)
