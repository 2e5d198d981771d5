from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from hackathon.base.core import clock
from hackathon.event.setup.services import installation


class Command(BaseCommand):
    help = "Print a new one-time code for the set-up page, as long as nobody organizes this site."

    def handle(self, *args: Any, **options: Any) -> None:
        code = installation.make_code(at=clock.now())
        if code is None:
            self.stdout.write("This site is set up already: sign in. No code is needed.")
            return
        url = f"{settings.SITE_URL}{reverse('setup:installation')}"
        self.stdout.write(
            f"This site is empty. Open {url} and enter this code, once:\n\n    {code}\n"
        )
