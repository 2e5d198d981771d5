"""The columns of the lists of organizers, as files."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from hackathon.base.core.exports import Columns


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)


# Of `listing.teams_with_members`.
TEAMS: Columns = [
    (_("Équipe"), lambda team: team.name),
    (_("Département"), lambda team: team.department.code),
    (_("Salle"), lambda team: team.room),
    (_("Étage"), lambda team: team.floor),
    (_("Code"), lambda team: team.spoken_code),
    (_("Projet"), lambda team: team.project),
    (_("Membres"), lambda team: len(team.memberships.all())),
    (_("Noms"), lambda team: _joined(m.user.display_name for m in team.memberships.all())),
    (_("Adresses e-mail"), lambda team: _joined(m.user.email for m in team.memberships.all())),
    (
        _("Capitaine"),
        lambda team: _joined(m.user.display_name for m in team.memberships.all() if m.is_captain),
    ),
    (_("Inscrite"), lambda team: team.registered_at),
    (_("Absente depuis"), lambda team: team.absent_at),
]

# Of `students.students_of`.
STUDENTS: Columns = [
    (_("Nom"), lambda student: student.user.display_name),
    (_("Adresse e-mail"), lambda student: student.user.email),
    (_("Numéro étudiant"), lambda student: student.number),
    (_("Département"), lambda student: student.department and student.department.code),
    (_("Formation"), lambda student: student.programme),
    (_("Groupe"), lambda student: student.group),
    (_("Équipe"), lambda student: student.team_name),
    (_("Salle"), lambda student: student.team_room),
    (_("Invité"), lambda student: student.invited_at),
    (_("Dernière connexion"), lambda student: student.user.last_login),
]

# Of `calls.all_calls`.
CALLS: Columns = [
    (_("Équipe"), lambda call: call.team.name),
    (_("Département"), lambda call: call.team.department.code),
    (_("Où"), lambda call: call.where),
    (_("Qui est appelé"), lambda call: call.get_kind_display()),
    (_("À quel sujet"), lambda call: call.note),
    (_("Appel"), lambda call: call.requested_at),
    (_("État"), lambda call: call.get_state_display()),
    (_("Pris en charge"), lambda call: call.claimed_at),
    (_("Par"), lambda call: call.claimed_by and call.claimed_by.display_name),
    (_("Clos"), lambda call: call.closed_at),
]
