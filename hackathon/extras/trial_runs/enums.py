from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """What must work behind the pages. The labels say that it does not."""

    BEFORE = "before", _("Avant la répétition, le site n’allait pas bien")
    LIVE = "live", _("Les pages ouvertes ne reçoivent pas les nouvelles en direct")
    SEALS = "seals", _("Les scellés n’ont pas été faits à temps")
    INSPECTIONS = "inspections", _("Les dépôts n’ont pas été contrôlés à temps")
    RECEIPTS = "receipts", _("Les reçus ne sont pas partis à temps")
    CODES = "codes", _("Les codes de connexion ne partent pas")
    AFTER = "after", _("Après la répétition, le site n’allait pas bien")
