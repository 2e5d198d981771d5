"""Landed migrations name modules by where they were, and their bytes stay."""

import sys
from importlib import import_module

import hackathon

FORMER = {
    "hackathon.core": "hackathon.base.core",
    "hackathon.core.extra_migrations": "hackathon.base.core.extra_migrations",
    "hackathon.core.extras": "hackathon.base.core.extras",
    "hackathon.editions": "hackathon.event.editions",
    "hackathon.editions.models": "hackathon.event.editions.models",
    "hackathon.partners": "hackathon.event.partners",
    "hackathon.partners.models": "hackathon.event.partners.models",
    "hackathon.stage": "hackathon.day.stage",
    "hackathon.stage.models": "hackathon.day.stage.models",
}
for former, name in FORMER.items():
    sys.modules[former] = import_module(name)
for former in ("core", "editions", "partners", "stage"):
    setattr(hackathon, former, sys.modules[f"hackathon.{former}"])
