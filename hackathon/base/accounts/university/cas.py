"""The protocol CAS 3.0: tickets are validated with the server, and it says when a session ends."""

from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.etree import ElementTree

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from django.conf import settings
from requests import RequestException

ANSWER_MAX_BYTES = 100_000


@dataclass(frozen=True)
class CasPerson:
    name: str
    attributes: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """Of the first of these attributes that has a value."""
        return next((self.attributes[name][0] for name in names if self.attributes.get(name)), "")


def sign_in_url(service: str) -> str:
    return f"{settings.CAS_URL}/login?{urlencode({'service': service})}"


def sign_out_url(service: str) -> str:
    return f"{settings.CAS_URL}/logout?{urlencode({'service': service})}"


def validate(ticket: str, service: str) -> CasPerson:
    """Whose ticket it is. Raises `ProviderException`, also if the server doesn't answer."""
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(
                f"{settings.CAS_URL}/p3/serviceValidate",
                params={"service": service, "ticket": ticket},
            )
        answer.raise_for_status()
        root = _parsed(answer.content)
    except (RequestException, ElementTree.ParseError) as error:
        raise ProviderException(f"CAS: {type(error).__name__}") from error
    success = root.find("{*}authenticationSuccess")
    name = (success.findtext("{*}user") or "").strip() if success is not None else ""
    if success is None or not name:
        failure = root.find("{*}authenticationFailure")
        raise ProviderException(f"CAS: {failure.get('code') if failure is not None else 'no user'}")
    attributes: dict[str, list[str]] = {}
    for element in success.iterfind("{*}attributes/*"):
        if value := (element.text or "").strip():
            attributes.setdefault(element.tag.rpartition("}")[2], []).append(value)
    return CasPerson(name, attributes)


def ended_ticket(message: str) -> str:
    """Of a logout request of the server; empty if it is none."""
    try:
        root = _parsed(message.encode())
    except ElementTree.ParseError:
        return ""
    return (root.findtext("{*}SessionIndex") or "").strip()


class _WithoutDocumentType(ElementTree.TreeBuilder):
    """Refuses a document type, in any encoding. Without one no entities can be defined."""

    def doctype(self, *_names: str | None) -> None:
        raise ElementTree.ParseError


def _parsed(content: bytes) -> ElementTree.Element:
    if len(content) > ANSWER_MAX_BYTES:
        raise ElementTree.ParseError
    parser = ElementTree.XMLParser(target=_WithoutDocumentType())  # noqa: S314
    try:
        parser.feed(content)
        root: ElementTree.Element = parser.close()
    except (ValueError, LookupError) as error:  # an encoding that the parser does not know
        raise ElementTree.ParseError from error
    return root
