"""Most people agree; three pictures of the 2020 article, drawn here, for the ceremony."""

import hashlib
import io
import random
from typing import Any

from PIL import Image, ImageDraw

from hackathon.extras.photographs import services
from hackathon.extras.photographs.drawing import sizes
from hackathon.extras.photographs.services import Drawn
from hackathon.run.demo.build import Made
from hackathon.run.demo.day import DemoPhase
from teams.models import Membership

ANSWERED = "2020-02-13T09:30"
ADDED = "2020-02-13T23:30"
REFUSES = 25  # one person of so many
CAPTIONS = ("Lancement H-14", "Pause pizza H-4", "Groupe vainqueur")
WINDOWS = ((255, 224, 122), (255, 224, 122), (20, 16, 52))
COLORS = ((27, 79, 156), (176, 96, 32), (104, 56, 140))


def fill(made: Made) -> None:
    day, edition = made.day, made.edition
    at = min(day.now, day.at(ANSWERED))
    last = made.teams[0].pk  # where everybody agrees, for the picture of a group
    members = Membership.objects.filter(edition=edition).select_related("user").order_by("pk")
    for number, member in enumerate(members, start=1):
        if number % 10 or member.team_id == last:
            agrees = number % REFUSES != 0 or member.team_id == last
            services.answer(edition, member.user, agrees=agrees, at=at)
    if day.phase == DemoPhase.CEREMONY:
        _add(made)


def _add(made: Made) -> None:
    at, by, group = made.day.at(ADDED), made.organizer, made.teams[0].pk
    services.keep(made.edition, [_picture(number) for number in range(3)], by=by, at=at)
    for each in made.edition.photographs.all():
        teams = [group] if each.position == len(CAPTIONS) else []
        values: dict[str, Any] = {
            "teams": teams,
            "shows_nobody": not teams,
            "position": None,
            "by": by,
            "at": at,
        }
        caption = CAPTIONS[each.position - 1]
        services.change(edition=made.edition, pk=each.pk, caption=caption, **values)


def _picture(number: int) -> Drawn:
    """Windows of a building by night."""
    chance = random.Random(number)
    image = Image.new("RGB", (1200, 900), COLORS[number])
    draw = ImageDraw.Draw(image)
    for x in range(60, 1160, 110):
        for y in range(120, 840, 120):
            draw.rectangle((x, y, x + 80, y + 90), fill=chance.choice(WINDOWS))
    content = io.BytesIO()
    image.save(content, "PNG")
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    return Drawn(CAPTIONS[number], digest, sizes(content.getvalue()))
