from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# In acts of the journal, and in the record of a decision: what a jury marks as it hears nominees.
HEARING = "passages"


class JurorKind(TextChoices):
    TEACHER = "teacher", _("équipe enseignante")
    CLIENT = "client", _("client")


class ReadingKind(TextChoices):
    """A plan removes only planned readings."""

    PLANNED = "planned", _("du plan")
    GIVEN = "given", _("ajoutée par l’organisation")
    SECOND = "second", _("seconde lecture")


class SheetState(TextChoices):
    DRAFT = "draft", _("brouillon")
    FINAL = "final", _("terminée")


class ChangeKind(TextChoices):
    """Remarks, which extras add, are of other kinds (`judging.scoring.remarks`)."""

    MARK = "mark", _("note")
    COMMENT = "comment", _("commentaire")
    NOTES = "notes", _("notes personnelles")
    FINISH = "finish", _("terminée")
    REOPEN = "reopen", _("rouverte")


class VisitKind(TextChoices):
    """What a tablet sends beside the changes of sheets."""

    SKIP = "skip", _("équipe passée")
    FLAG = "flag", _("signalement")
    PAUSE = "pause", _("pause")
    JURY_PAUSE = "jury_pause", _("pause du jury")
    ORDER = "order", _("ordre personnel")


class SkipReason(TextChoices):
    ABSENT = "absent", _("pas là")
    BUSY = "busy", _("occupée")
    LATER = "later", _("à revoir plus tard")


class Method(TextChoices):
    """The keys of `judging.ranking.grid.METHODS`."""

    HARMONISED = "harmonised", _("moyenne harmonisée")
    MEAN = "mean", _("moyenne simple")
    MEDIAN = "median", _("médiane")


class PublicationAct(TextChoices):
    """About the results of one department; what the organizer confirms."""

    HOLD_BACK = "hold-back", _("Ces résultats paraîtront plus tard.")
    TAKE_BACK = "take-back", _("Ces résultats paraîtront avec les autres.")
    PUBLISH = "publish", _("Tout le monde peut voir ces résultats dès maintenant.")


class Anchor(TextChoices):
    """After which steps of the ceremony a message comes; the last one: before the finale."""

    OPENING = "opening", _("après l’ouverture")
    TITLE = "title", _("après le titre du département")
    NOMINEES = "nominees", _("après les équipes nommées")
    PASSAGES = "passages", _("après les passages")
    PRIZES = "prizes", _("après les prix du département")
    FINALE = "finale", _("avant le mur de tous les lauréats")

    @property
    def needs_department(self) -> bool:
        return self not in (Anchor.OPENING, Anchor.FINALE)
