from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from hackathon.base.accounts.models import User
from hackathon.base.core.received_files import received_file
from hackathon.base.core.typography import plain_letters
from hackathon.event.editions.models import Edition
from hackathon.event.partners import services
from hackathon.run.demo import content
from hackathon.run.demo.facts import facts


def tell_of_client_and_partners(edition: Edition, *, by: User, at: datetime) -> None:
    about = facts()["client_page"]
    services.write_client(
        edition=edition,
        text=about["text"],
        representatives="\n".join(about["representatives"]),
        link=about["link"],
        logo=received_file(_logo(edition.client, "#0f7a4d"), "logo.png"),
        documents=[
            received_file(content.pdf("Charte graphique", edition.client, seed=7), "charte.pdf")
        ],
        by=by,
        at=at,
    )
    for partner in facts()["partners"]:
        services.save_partner(
            edition=edition,
            name=partner["name"],
            sentence=partner["sentence"],
            link=partner["link"],
            logo=received_file(_logo(partner["name"], partner["colour"]), "logo.png"),
            by=by,
            at=at,
        )


def _logo(name: str, colour: str) -> bytes:
    """The initials on a coloured ground, as PNG."""
    image = Image.new("RGB", (240, 150), colour)
    words = plain_letters(name).split()
    initials = "".join(word[0] for word in words if word[0].isupper())[:3]
    draw = ImageDraw.Draw(image)
    draw.text((120, 75), initials, fill="white", font=ImageFont.load_default(72), anchor="mm")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
