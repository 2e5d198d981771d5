"""Every address of the site, and a world in which each of them has something to show.

`routes()` walks the URL configuration, so that a new page joins the access matrix and the hunt for
the brief by itself; a route whose arguments are unknown here fails both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.extras import gathered

# Their own tests know them: Django's admin (walked apart), and what hands out static text.
NOT_WALKED = ("admin",)


@dataclass(frozen=True)
class Route:
    """An address by its full name, with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    kwargs: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def url(self) -> str:
        """Where it is, with the world's arguments."""
        return reverse(self.name, kwargs=self.kwargs)

    def __str__(self) -> str:
        return self.name + ("/" + ",".join(self.arguments) if self.arguments else "")


def routes() -> list[Route]:
    """Every named route, the admin's apart."""
    found = {str(route): route for route in _walk(get_resolver().url_patterns, (), ())}
    return [found[key] for key in sorted(found)]


def _walk(
    patterns: list[Any], namespaces: tuple[str, ...], outer: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        names = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            if inner[:1] not in [(name,) for name in NOT_WALKED]:
                yield from _walk(pattern.url_patterns, inner, outer + names)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Route(":".join([*namespaces, pattern.name]), outer + names)


class World:
    """The fixed cast with everything in place, so that each address has something to show."""

    def __init__(self, objects: dict[str, Any]) -> None:
        self.objects = objects

    def kwargs(self, route: Route) -> dict[str, Any]:
        """The arguments of `route` in this world; KeyError for a route that nobody described."""
        if not route.arguments:
            return {}
        return {argument: self._value(route, argument) for argument in route.arguments}

    def routes(self) -> list[Route]:
        """Every route, ready to be asked for."""
        return [Route(r.name, r.arguments, self.kwargs(r)) for r in routes()]

    def _value(self, route: Route, argument: str) -> Any:
        if argument == "slug":
            return self.objects["edition"].slug
        if argument == "token":
            return f"{self.objects['organizer'].pk}-{'0' * 40}"
        if (fixed := (FIXED | gathered("fixed")).get((route.name, argument))) is not None:
            return fixed(self) if callable(fixed) else fixed
        if argument == "name":
            return "deposits"
        if route.name == "submissions:receipt-check":
            return self.objects["submission"].receipt.code
        if argument == "code":
            return self.objects["team"].join_code if "teams:" in route.name else "INFOCOM"
        kinds = PK_OF | gathered("pk_of")
        if argument == "key":
            owner = self.objects[kinds.get((route.name, argument), "projector")]
            return owner.ready_key if route.name == "stage:room-ready" else owner.key
        kind = kinds.get((route.name, argument)) or kinds[route.name]
        return self.objects[kind].pk


FIXED = {
    ("appearance:stylesheet", "theme"): "night",
    ("appearance:stylesheet", "colors"): "1b4f9c-x",
    ("appearance:logo", "digest"): lambda world: world.objects["edition"].logo,
    ("appearance:logo", "size"): 64,
    ("privacy:withdraw-consent", "kind"): "nom",
}
# Which object the number in an address is.
PK_OF: dict[Any, str] = {
    "accounts:session-end": "sign_in",
    "accounts:token-revoke": "token",
    "mfa_remove_webauthn": "sign_in",  # any number: whose key it is comes after the password
    "accounts:university-unlink": "link",
    "announcements:edit": "announcement",
    "announcements:reach": "announcement",
    "announcements:withdraw": "announcement",
    "questions:detail": "question",
    "questions:close": "question",
    "questions:publish": "question",
    "questions:release": "question",
    "questions:take": "question",
    "questions:unpublish": "question",
    "control_room:team": "team",
    "control_room:sheet": "team",
    "editions:attachment": "attachment",
    "editions:attachment-remove": "attachment",
    "editions:brief-restore": "brief_version",
    "partners:document": "client_document",
    "partners:document-remove": "client_document",
    "partners:partner": "partner",
    "partners:partner-logo": "partner",
    "partners:partner-remove": "partner",
    "stage:projector-edit": "projector",
    "stage:projector-remove": "projector",
    "stage:projector-renew": "projector",
    "editions:brief-edit": "department",
    "questions:canned-delete": "canned",
    "questions:canned-edit": "canned",
    "editions:department": "department",
    "editions:department-delete": "department",
    "editions:milestone": "milestone",
    "editions:milestone-delete": "milestone",
    "people:detail": "organizer",
    "people:duty-remove": "duty",
    "people:organizer-remove": "organizer",
    "people:send-code": "organizer",
    "people:set-active": "organizer",
    "editions:move-undo": "edition",  # any number: the journal entry is not there
    "imports:preview": "draft",
    "imports:undo": "import",
    "privacy:answer": "erasure_request",
    "judging:archive-team": "team",
    "judging:message": "ceremony_message",
    "judging:message-delete": "ceremony_message",
    "judging:content": "submission",
    "judging:copy": "submission",
    "judging:preview-content": "submission",
    "judging:preview-copy": "submission",
    "judging:criterion-create": "department",
    "judging:criterion": "department",
    ("judging:criterion", "criterion_pk"): "criterion",
    "judging:criterion-delete": "department",
    ("judging:criterion-delete", "criterion_pk"): "criterion",
    "judging:juror-create": "department",
    "judging:juror": "department",
    ("judging:juror", "juror_pk"): "juror",
    "judging:juror-dismiss": "department",
    ("judging:juror-dismiss", "juror_pk"): "juror",
    ("judging:amend-criterion", "criterion_pk"): "criterion",
    "judging:badges": "department",
    "judging:criterion-move": "department",
    ("judging:criterion-move", "criterion_pk"): "criterion",
    "control_room:flag-close": "flag",
    "judging:badge-void": "department",
    ("judging:badge-void", "juror_pk"): "juror",
    ("judging:badge-void", "badge_pk"): "badge",
    "judging:juror-leave": "department",
    ("judging:juror-leave", "juror_pk"): "juror",
    "judging:juror-return": "department",
    ("judging:juror-return", "juror_pk"): "juror",
    "judging:jurors-invite": "department",
    ("judging:my-recusal-withdraw", "recusal_pk"): "recusal",
    "judging:plan": "department",
    "judging:progress": "department",
    "judging:department-minutes": "department",
    "judging:department-marks": "department",
    "judging:department-heard-marks": "department",
    "judging:department-pair": "department",
    "judging:plan-change": "department",
    "judging:recusal-create": "department",
    "judging:recusal-withdraw": "department",
    ("judging:recusal-withdraw", "recusal_pk"): "recusal",
    "judging:recuse": "team",
    "judging:thumbnail": "submission",
    "judging:department-results": "department",
    "judging:setup": "department",
    "judging:winner-picture": "team",
    "judging:sheet": "team",
    "submissions:archive-department": "department",
    "submissions:archive-team": "team",
    "submissions:content": "submission",
    "submissions:thumbnail": "submission",
    "api:announcement": "announcement",
    "api:attachment-content": "attachment",
    "api:extension": "extension",
    "api:milestone": "milestone",
    "api:submission": "submission",
    "api:submission-content": "submission",
    "api:team": "team",
    "api:team-members": "team",
    "submissions:deliverable-create": "department",
    "submissions:deliverable-delete": "deliverable",
    "submissions:deliverable-edit": "deliverable",
    "submissions:deliverable-move": "deliverable",
    "submissions:deliverables": "department",
    "submissions:deposit": "deliverable",
    "submissions:entry": "team",
    "submissions:extension-revoke": "extension",
    "submissions:seal": "department_seal",
    "submissions:seal-manifest": "seal",
    "judging:edition-seal": "seal",
    "api:seal": "seal",
    "submissions:receipt": "submission",
    "submissions:receipt-pdf": "submission",
    "privacy:withdraw-consent": "own_membership",
    "teams:add-member": "team",
    "teams:captain": "team",
    "teams:department-change": "team",
    "teams:merge": "team",
    "teams:move-members": "team",
    "teams:note": "team",
    "teams:note-delete": "team",
    ("teams:note-delete", "note_pk"): "note",
    "teams:absent-members": "team",
    "teams:hide-works": "team",
    "teams:placement-undo": "placement",
    "teams:absence": "team",
    "teams:rename": "team",
    "teams:split": "team",
    "teams:student-take-off": "student",
    "teams:visit": "team",
    "teams:duty-remove": "duty",
    "teams:entry-code": "membership",
    "teams:help-claim": "call",
    "teams:help-finish": "call",
    "teams:help-release": "call",
    "teams:help-start": "call",
    "teams:help-withdraw": "call",
    "teams:dissolve": "team",
    "teams:organized": "team",
    "teams:remove": "membership",
    "teams:room": "team",
}


def blocks_url(*names: str) -> str:
    """Of blocks of the control room, as an open page fetches them."""
    return f"{reverse('control_room:blocks')}?parts={','.join(f'block-{name}' for name in names)}"
