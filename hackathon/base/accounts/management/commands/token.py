from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hackathon.base.accounts.selectors import find_by_email
from hackathon.base.accounts.tokens import services
from hackathon.base.core import clock


class Command(BaseCommand):
    """The last line of standard output is the token, and nothing else."""

    help = "Imprime un jeton d’API pour ce compte, avec tous les droits, valable un an."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_by_email(options["email"])
        if user is None:
            raise CommandError(f"Aucun compte actif n’a l’adresse « {options['email']} ».")
        self.stdout.write(services.create_for_command(user, at=clock.now()))
