from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Fault(TextChoices):
    """A label is a sentence with {names} of the finding's `params`."""

    # The seal
    DIGEST_WRONG = (
        "digest_wrong",
        _("Le manifeste enregistré a changé : son empreinte est {found}, le scellé dit {sealed}."),
    )
    MANIFEST_BROKEN = "manifest_broken", _("Le manifeste enregistré n’est plus lisible.")
    SEAL_CHANGED = (
        "seal_changed",
        _("Le scellé enregistré n’est plus celui de son manifeste : {sealed}, et non {found}."),
    )
    PART_GONE = "part_gone", _("Le scellé du département {department} n’est plus là.")
    PART_OTHER = (
        "part_other",
        _(
            "Le scellé du département {department} a l’empreinte {found},"
            " l’ensemble a scellé {sealed}."
        ),
    )
    FORMER_GONE = "former_gone", _("Le scellé précédent, {digest}, n’est plus là.")
    FORMER_OTHER = (
        "former_other",
        _("Le scellé précédent a l’empreinte {found}, celui-ci a été fait après {sealed}."),
    )
    CHANGES_OTHERWISE = (
        "changes_otherwise",
        _("Ce qui a changé depuis le scellé du {as_of} n’est pas ce que ce scellé en dit."),
    )
    SEAL_REPLACED = (
        "seal_replaced",
        _("Le journal connaît un scellé fait le {made} qui n’est plus là : {digest}."),
    )
    SEAL_MISSING = "seal_missing", _("Le scellé du {as_of} ({moment}) n’a pas été fait.")
    # Which versions count
    TEAM_GONE = "team_gone", _("{team} : l’équipe n’est plus dans ce département.")
    RENAMED = "renamed", _("{what} : le nom a changé, le scellé dit « {sealed} ».")
    ROW_GONE = (
        "row_gone",
        _("{what} : le dépôt scellé, version {version}, n’est plus dans la base."),
    )
    ROW_CHANGED = (
        "row_changed",
        _("{what}, version {version} : « {field} » est {found}, le scellé dit {sealed}."),
    )
    NOT_SEALED = (
        "not_sealed",
        _(
            "{what} : la version {version} compte, reçue le {received} d’après la base,"
            " et le scellé ne la connaît pas{why}."
        ),
    )
    COUNTS_OTHERWISE = (
        "counts_otherwise",
        _("{what} : la version {found} compte au lieu de la version {sealed}. {why}"),
    )
    MARK_OTHERWISE = (
        "mark_otherwise",
        _("{what}, version {version} : marquée « {found} » au lieu de « {sealed} ». {why}"),
    )
    DEADLINE_OTHERWISE = (
        "deadline_otherwise",
        _("{team} : l’heure limite scellée est le {sealed} ; d’après la base c’était le {found}."),
    )
    # Files and receipts
    FILE_MISSING = "file_missing", _("{what}, version {version} : le fichier {key} a disparu.")
    FILE_UNREADABLE = (
        "file_unreadable",
        _("{what}, version {version} : le fichier {key} est illisible ({error})."),
    )
    ALTERED = (
        "altered",
        _(
            "{what}, version {version} : le contenu a changé. Attendu : {size} octets, {sha256} ;"
            " trouvé : {found_size} octets, {found}."
        ),
    )
    RECEIPT_GONE = "receipt_gone", _("{what}, version {version} : sans reçu.")
    RECEIPT_FALSE = (
        "receipt_false",
        _("{what}, version {version} : le reçu {receipt} n’est plus authentique."),
    )
    # Storage
    ORPHAN = "orphan", _("Fichier {key} ({size} octets) : aucun dépôt ne le connaît.")
    STRANDED = (
        "stranded",
        _("Envoi {upload} de {team} : arrivé entier le {whole}, et toujours pas reçu comme dépôt."),
    )


@dataclass(frozen=True)
class Finding:
    fault: Fault
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.fault.label).format(**self.params)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.fault.value, "message": str(self), **self.params}


def finding(fault: Fault, **params: Any) -> Finding:
    return Finding(fault, params)
