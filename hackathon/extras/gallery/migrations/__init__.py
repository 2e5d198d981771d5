"""The first migration names the module that the models were in, and its bytes stay."""

import sys
from types import ModuleType

import hackathon
from hackathon.extras.gallery import models

FORMER = "hackathon.gallery"

former = ModuleType(FORMER)
former.models = models  # type: ignore[attr-defined]
sys.modules |= {FORMER: former, f"{FORMER}.models": models}
hackathon.gallery = former  # type: ignore[attr-defined]
