from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PictureKind(TextChoices):
    LOGO = "logo", _("Logo")  # public
    SIGNATURE = "signature", _("Signature")  # only on what it signs
