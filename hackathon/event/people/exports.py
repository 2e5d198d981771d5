from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core.exports import Columns
from hackathon.event.people.enums import Role
from hackathon.event.people.selectors import Person


def _roles(person: Person) -> str:
    held = {
        Role.ORGANIZER: person.is_organizer,
        Role.COLLEAGUE: person.colleague,
        Role.STUDENT: person.student,
        Role.MEMBER: person.membership,
        Role.JUROR: person.juries,
        Role.HELPER: person.duties,
    }
    return ", ".join(str(role.label) for role, row in held.items() if row)


PEOPLE: Columns = [
    (gettext_lazy("Nom"), lambda person: person.user.display_name),
    (gettext_lazy("Adresse e-mail"), lambda person: person.user.email),
    (gettext_lazy("Rôle"), _roles),
    (gettext_lazy("Équipe"), lambda p: p.membership.team.name if p.membership else ""),
    (gettext_lazy("Jury"), lambda p: ", ".join(j.department.name for j in p.juries)),
    (gettext_lazy("Dernière connexion"), lambda person: person.user.last_login),
    (gettext_lazy("Compte"), lambda p: "" if p.user.is_active else _("désactivé")),
]
