"""What is kept about people. Each app declares its fields in `privacy.py`; the public page, the
sheet of the register, a person's export, erasure and anonymisation follow from the declarations.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

type Text = str | Promise
# From a row to the user or edition: a lookup, or the rows of one user or edition.
type Path = str | Callable[[Any], QuerySet[Any]] | None

EVERY_ROW = Q()
EDITION_MONTHS = 12  # after its deadline an edition is anonymised
LATEST_MONTHS = 36  # if its organizers choose another date


class Basis(TextChoices):
    MISSION = "mission", _("la mission d’enseignement de l’école (RGPD, article 6.1.e)")
    CONSENT = "consent", _("votre accord, que vous pouvez retirer (RGPD, article 6.1.a)")
    HEALTH = (
        "health",
        _("votre accord explicite, que vous pouvez retirer (RGPD, articles 6.1.a et 9.2.a)"),
    )


class Reader(TextChoices):
    YOU = "you", _("vous")
    TEAM = "team", _("votre équipe")
    ORGANIZERS = "organizers", _("l’organisation")
    HELPERS = "helpers", _("les personnes que vous appelez")
    JURY = "jury", _("le jury de votre département")
    STUDENTS = "students", _("les étudiants de l’édition")
    EVERYONE = "everyone", _("tout le monde")
    OPERATOR = "operator", _("les personnes qui administrent le serveur")


class Effect(StrEnum):
    """`DELETE`: the row. `BLANK`: the empty value of the field; a file is deleted, a person removed
    from a list of people. `REPLACE`: by `neutral`, or a reference to an account by a reference to
    an anonymous one. `KEEP`: for the reason in `because`.
    """

    DELETE = "delete"
    BLANK = "blank"
    REPLACE = "replace"
    KEEP = "keep"


DELETE, BLANK, REPLACE, KEEP = Effect


@dataclass(frozen=True)
class Kept:
    """`task`: the entry of `beat_schedule` that ends it. Without one it ends with the row's account
    or edition.
    """

    text: Text
    task: str = ""


WITH_ACCOUNT = Kept(_("tant que votre compte existe"))
WITH_EDITION = Kept(
    format_lazy(
        _(
            "jusqu’à {months} mois après la journée, {latest} au plus si l’organisation l’a choisi"
            " ; ensuite, plus rien n’y porte votre nom"
        ),
        months=EDITION_MONTHS,
        latest=LATEST_MONTHS,
    ),
    "anonymise",
)
ALWAYS = Kept(_("sans limite de temps"))


@dataclass(frozen=True)
class Subject:
    """What belongs together for a person who reads it, and its defaults."""

    code: str
    title: Text
    purpose: Text
    readers: tuple[Text, ...]
    basis: Basis = Basis.MISSION


ACCOUNT = Subject(
    "account",
    _("Votre compte"),
    _("Vous reconnaître, vous écrire, et vous donner les bonnes pages."),
    (Reader.YOU, Reader.ORGANIZERS),
)
ENTRY = Subject(
    "entry",
    _("Vos connexions et vos appareils"),
    _("Vous laisser entrer, vous seul, et vous permettre de fermer ce qui est resté ouvert."),
    (Reader.YOU,),
)
TEAM = Subject(
    "team",
    _("Votre place dans l’édition"),
    _("Former les équipes, et les retrouver pendant la journée."),
    (Reader.TEAM, Reader.ORGANIZERS),
)
SHOWN = Subject(
    "shown",
    _("Ce que les autres voient avec votre accord"),
    _("Ne montrer votre nom, votre adresse et vos liens que si vous le voulez."),
    (Reader.YOU, Reader.ORGANIZERS),
    Basis.CONSENT,
)
WORK = Subject(
    "work",
    _("Ce que vous rendez"),
    _("Recevoir les travaux, prouver quand ils ont été reçus, et les juger."),
    (Reader.TEAM, Reader.JURY, Reader.ORGANIZERS),
)
HELP = Subject(
    "help",
    _("Vos questions, vos appels et les annonces"),
    _("Vous répondre, vous aider et vous prévenir."),
    (Reader.TEAM, Reader.HELPERS, Reader.ORGANIZERS),
)
HEALTH = Subject(
    "health",
    _("Votre santé"),
    _("Tenir compte de ce que vous ne pouvez pas manger, ou de ce qui vous retarde."),
    (Reader.ORGANIZERS,),
    Basis.HEALTH,
)
JURY = Subject(
    "jury",
    _("Si vous êtes juré"),
    _("Répartir les lectures, noter, délibérer, et pouvoir refaire le calcul."),
    (Reader.JURY, Reader.ORGANIZERS),
)
STAFF = Subject(
    "staff",
    _("Si vous organisez ou aidez"),
    _("Donner les droits nécessaires, et savoir qui a décidé quoi."),
    (Reader.ORGANIZERS,),
)
JOURNAL = Subject(
    "journal",
    _("Le journal"),
    _("Savoir ce qui s’est passé, en cas d’erreur, de réclamation ou d’attaque."),
    (Reader.ORGANIZERS,),
)
SERVER = Subject(
    "server",
    _("Ce que le serveur garde"),
    _("Faire fonctionner le site, réparer une panne et repousser une attaque."),
    (Reader.OPERATOR,),
)
FIRST = (ACCOUNT, ENTRY, TEAM, SHOWN, WORK, HELP)
LAST = (HEALTH, JURY, STAFF, JOURNAL, SERVER)


@dataclass(frozen=True)
class Declaration:
    """Some fields of a model, kept for one purpose. Without a model: kept outside the database.

    `owner` and `edition` lead to whose they are; `among` restricts the rows. `erase` is what the
    erasure of the owner does, `anonymise` what the anonymisation of the edition does; `because` is
    why something stays. `neutral` is a text, or computes the value of the one field from its row.
    `beside` names fields with which an export explains them. `exported` are the rows that the owner
    may read: None if they show others or a secret.
    """

    model: type[models.Model] | None
    fields: tuple[str, ...]
    subject: Subject
    what: Text
    _: KW_ONLY
    kept: Kept = WITH_EDITION
    owner: Path = None
    edition: Path = None
    among: Q = EVERY_ROW
    erase: Effect = DELETE
    anonymise: Effect = DELETE
    because: Text = ""
    neutral: str | Callable[[Any], Any] = ""
    beside: str = ""
    exported: Q | None = EVERY_ROW
    purpose: Text = ""
    basis: Basis | None = None
    readers: tuple[Text, ...] = ()
    # Only if the organizers ask for it: it costs what others can use.
    on_request: bool = False

    def __post_init__(self) -> None:
        stays = Effect.KEEP in (self.erase, self.anonymise)
        if stays and not self.because:
            raise ValueError(f"{self.model} {self.fields}: why does it stay?")
        if callable(self.neutral) and len(self.fields) != 1:
            raise ValueError(f"{self.model} {self.fields}: one field has a computed value")

    def rows_of(self, user: Any) -> QuerySet[Any]:
        """Of one person."""
        return self._rows(self.owner, user)

    def rows_in(self, edition: Any) -> QuerySet[Any]:
        return self._rows(self.edition, edition)

    def _rows(self, path: Path, target: Any) -> QuerySet[Any]:
        assert self.model is not None
        rows = self.model._base_manager.all()
        if path is None:
            return rows.none()
        if callable(path):
            return path(target).filter(self.among)
        # A join to many rows would give a row twice.
        matching = rows.filter(self.among, **{path: target.pk})
        return rows.filter(pk__in=matching.values("pk")) if "__" in path else matching


class Registry:
    def __init__(self) -> None:
        self.declarations: list[Declaration] = []
        self.impersonal: dict[type[models.Model], dict[str, str]] = {}

    def declare(
        self, model: type[models.Model], fields: str, subject: Subject, what: Text, **options: Any
    ) -> None:
        """See `Declaration`; `fields` with spaces between. Without `owner` and `edition` they are
        found by the model's fields `user`, and `edition`, `team` or `department`. With `because`
        they stay when the person is erased.
        """
        options.setdefault("owner", _path(model, ("user",)))
        options.setdefault("edition", _path(model, ("edition", "team", "department")))
        if "because" in options:
            options.setdefault("erase", KEEP)
        self.declarations.append(
            Declaration(model, tuple(fields.split()), subject, what, **options)
        )

    def outside(self, subject: Subject, what: Text, kept: Text, **options: Any) -> None:
        """What is not in the database, so that its operator has to see to it."""
        self.declarations.append(Declaration(None, (), subject, what, kept=Kept(kept), **options))

    def actor(
        self,
        model: type[models.Model],
        fields: str,
        what: Text,
        *,
        subject: Subject = STAFF,
        **options: Any,
    ) -> None:
        """References to who did something. They stay; the name of the account is replaced."""
        options |= {
            "anonymise": REPLACE,
            "because": _("Ce que vous avez fait reste, sans votre nom."),
        }
        instants = {f.name for f in model._meta.concrete_fields}
        for field in fields.split():
            when = f"{field.removesuffix('_by')}_at"
            beside = {"beside": when} if when in instants else {}
            self.declare(model, field, subject, what, owner=field, **beside, **options)

    def not_personal(self, reason: str, *tables: type[models.Model], only: str = "") -> None:
        """All fields that are not declared, or those of `only` (names with spaces between)."""
        for model in tables:
            names = only.split() or [field.name for field in doubtful_fields(model)]
            self.impersonal.setdefault(model, {}).update(dict.fromkeys(names, reason))

    def of(self, model: type[models.Model]) -> Iterator[Declaration]:
        return (declared for declared in self.declarations if declared.model is model)

    def unexplained(self, model: type[models.Model]) -> list[str]:
        """Fields that could be personal and are neither declared nor listed as not personal."""
        known = {name for declared in self.of(model) for name in declared.fields}
        known.update(self.impersonal.get(model, ()))
        return [f.name for f in doubtful_fields(model) if f.name not in known]


def _path(model: type[models.Model], names: Iterable[str]) -> str | None:
    own = {field.name for field in model._meta.concrete_fields}
    path = next((name for name in names if name in own), None)
    return f"{path}__edition" if path in ("team", "department") else path


def doubtful_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """What people type, files, and references to accounts: it could be personal."""
    free = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    others = (models.FileField, models.GenericIPAddressField)
    for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many):
        if field.is_relation:
            other = field.related_model
            if other is not None and other._meta.label == settings.AUTH_USER_MODEL:
                yield field
        elif isinstance(field, free + others) and not field.choices:
            yield field


registry = Registry()


def subjects() -> list[Subject]:
    """In the order of the page: those of extras stand between the core's."""
    declared = (declaration.subject for declaration in registry.declarations)
    others = dict.fromkeys(subject for subject in declared if subject not in FIRST + LAST)
    return [*FIRST, *others, *LAST]
