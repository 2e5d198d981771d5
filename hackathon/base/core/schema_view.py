"""Not in `schema`, which Django REST framework imports for its settings, before its views."""

import hashlib
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

# By media type, language and version. Making it takes a second, and drf-spectacular is not safe for
# threads.
_made: dict[tuple[str, str, str | None], bytes] = {}
_making = Lock()


class SchemaView(SpectacularAPIView):
    """The description does not depend on the request: a process makes it once."""

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("lang")
        with translation.override(asked if asked in dict(settings.LANGUAGES) else get_language()):
            answer = self._get_schema_response(request)
        etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
        answer["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=answer) or answer

    def _get_schema_response(self, request: Any) -> HttpResponse:
        view: Any = super()  # without types
        renderer, version = request.accepted_renderer, view._get_version_parameter(request)
        key = renderer.media_type, get_language() or "", version
        with _making:
            if key not in _made:
                made = view._get_schema_response(request)
                _made[key] = renderer.render(made.data, renderer.media_type, {})
        name = view._get_filename(request, version)
        return HttpResponse(
            _made[key],
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )
