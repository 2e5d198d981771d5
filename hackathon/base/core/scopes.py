from typing import Any, cast

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status


class Scope(TextChoices):
    """What a token may be used for. Never more than its person may do. An organizer's writes as
    their person does without that role, unless it has `ORGANIZE`, or announces.
    """

    READ = "read", gettext_lazy("Lire tout ce que je peux lire")
    HAND_IN = "hand_in", gettext_lazy("Rendre, et agir pour mon équipe")
    ANNOUNCE = "announce", gettext_lazy("Annoncer")
    ORGANIZE = "organize", gettext_lazy("Organiser : délais, horaires, équipes")


class MissingScope(exceptions.APIException):
    status_code = status.HTTP_403_FORBIDDEN
    default_code = "insufficient_scope"

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__(_("Ce jeton ne permet pas cela : il lui manque le droit « %s ».") % scope)
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


def check_scope(token: Any, scope: Scope) -> None:
    """`token` is None for a session, which may do everything. Raises `MissingScope`."""
    if token is not None and scope not in cast(list[str], token.scopes):
        raise MissingScope(scope)
