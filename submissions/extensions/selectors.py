from hackathon.core.errors import NotFound
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.selectors import AnyUser, is_organizer
from submissions.models import Extension
from teams.models import Team


def get_extension_for(user: AnyUser, pk: int) -> Extension:
    """For the organizers of its edition. Raises `NotFound` for others."""
    extension = get_or_not_found(
        Extension.objects.select_related("team__department__edition", "department__edition"), pk=pk
    )
    if not is_organizer(user, extension.concerned.edition):
        raise NotFound
    return extension


def teams_concerned(extension: Extension) -> list[Team]:
    """One query."""
    teams = Team.objects.select_related("department", "edition")
    if extension.team_id is not None:
        return list(teams.filter(pk=extension.team_id))
    return list(teams.filter(department=extension.department_id))
