from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import (
    Concerns,
    Extra,
    Page,
    Part,
    Place,
    ProjectorScene,
    Section,
    registry,
)
from hackathon.extras.brief_scene import parts
from hackathon.extras.brief_scene.demo import fill
from hackathon.extras.brief_scene.fragments import BRIEF
from hackathon.extras.brief_scene.selectors import period_of

registry.add(
    Extra(
        "brief_scene",
        _("Scène « Le sujet »"),
        _("À l’heure du sujet, les projecteurs montrent un film ou des diapositives déjà chargés."),
        (Concerns.EVERYBODY, Concerns.ORGANIZERS),
        pages=(Page("brief_scene:edit", _("Scène « Le sujet »"), section=Section.ROOM),),
        parts=(
            Part(Place.SCREEN, parts.screen),
            Part(Place.CONTROL, parts.control, "projectors"),
            Part(Place.PROJECTORS, parts.projectors),
        ),
        fragments=(BRIEF,),
        scenes=(
            ProjectorScene(
                "brief",
                _("Le sujet"),
                _("noir, puis le sujet à son heure"),
                parts.waiting,
                period_of,
            ),
        ),
        periodic={
            "brief-scene": {
                "task": "hackathon.extras.brief_scene.periodic.make_scene_package",
                "schedule": 20.0,
            }
        },
        demo=fill,
    )
)
