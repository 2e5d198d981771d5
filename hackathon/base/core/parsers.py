from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

JSON_MAX = 1_000_000


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("C’est trop gros pour cette adresse.")


class ShallowJSONParser(JSONParser):
    """A body that is too large or nested too deeply is an invalid request, not a server error.

    Without a length the server reads no body (WSGI), or a small one (`accounts.body_limits`).
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = str(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if not length.isdigit() or int(length) > JSON_MAX:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("Trop de niveaux imbriqués.")) from error
