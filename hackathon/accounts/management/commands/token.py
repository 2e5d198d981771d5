from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import AuthToken

from hackathon.accounts.selectors import find_by_email


class Command(BaseCommand):
    """The last line of standard output is the token, and nothing else."""

    help = "Imprime un jeton d’API pour ce compte ; il vaut jusqu’à ce qu’on le révoque."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_by_email(options["email"])
        if user is None:
            raise CommandError(f"Aucun compte actif n’a l’adresse « {options['email']} ».")
        _stored, token = AuthToken.objects.create(user=user, expiry=None)
        self.stdout.write(token)
