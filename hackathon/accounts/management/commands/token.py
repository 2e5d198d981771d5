"""An API token for a program that acts for somebody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import AuthToken

from hackathon.accounts.selectors import find_by_email


class Command(BaseCommand):
    """`manage.py token EMAIL`: the last line of standard output is the token, and only it."""

    help = "Imprime un jeton d’API pour ce compte ; il vaut jusqu’à ce qu’on le révoque."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address of the account."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the token. It is stored hashed: this is the only time it can be read."""
        user = find_by_email(options["email"])
        if user is None:
            raise CommandError(f"Aucun compte actif n’a l’adresse « {options['email']} ».")
        _stored, token = AuthToken.objects.create(user=user, expiry=None)
        self.stdout.write(token)
