from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    SEAL = "seal", _("scellé")
    ENVELOPE = "envelope", _("enveloppe")
