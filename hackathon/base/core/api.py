"""What all endpoints of the API have in common: docs/api.md."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from hackathon.base.core import clock
from hackathon.base.core.formats import visible
from hackathon.base.core.idempotency import HEADER, once
from hackathon.base.core.instants import BOUNDS
from hackathon.base.core.problems import NOT_FOUND
from hackathon.base.core.scopes import MissingScope, Scope, check_scope

LIMIT, LIMIT_MAX = 200, 500
KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="With the same key and body the answer is the same, and nothing happens twice.",
)


class TokenThrottle(UserRateThrottle):
    """Counts per person, for all their tokens together. The pages themselves are not counted."""

    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return super().get_cache_key(request, view) if request.auth is not None else None


class AddressField(serializers.EmailField):
    def to_internal_value(self, data: Any) -> str:
        return str(super().to_internal_value(visible(data) if isinstance(data, str) else data))


class Strict(serializers.Serializer[Any]):
    """A client with a misspelt field must not believe that it has changed something."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            message = _("Ce champ n’existe pas ou ne se change pas.")
            raise serializers.ValidationError({name: [message] for name in unknown})
        return attrs


class AtLeastOne(Strict):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not super().validate(attrs):
            raise serializers.ValidationError(_("Donnez au moins un champ à changer."))
        return attrs


def model_fields(
    model: type[Model], names: Iterable[str], **options: Any
) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """Without the labels and help texts of forms."""
    build = serializers.ModelSerializer().build_standard_field
    fields = {}
    for name in names:
        field = cast("Field[Any, Any]", model._meta.get_field(name))
        kind, own = build(name, field)
        own.pop("label", None)
        own.pop("help_text", None)
        fields[name] = kind(**{**own, **options})
    return fields


class AnyInstantField(serializers.DateTimeField):
    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


class InstantField(AnyInstantField):
    default_validators = BOUNDS


class PageQuery(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=LIMIT_MAX, default=LIMIT)
    cursor = serializers.RegexField(
        r"^[A-Za-z0-9_-]{1,60}\.[0-9]{1,9}\Z",
        required=False,
        help_text="Of the header `Link`, `rel=next`.",
    )


def queried(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The query parameters, as the description says. From a `QueryDict`, as from a form, a
    serializer would take an empty value for an absent one.
    """
    query = kind(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    validated: dict[str, Any] = query.validated_data
    return validated


class Endpoint(APIView):
    """`scope` is what a token needs for everything but reading, `public` whether anybody reads.

    In a write the person of a token is an organizer only with `Scope.ORGANIZE`, or where `scope` is
    `Scope.ANNOUNCE`.
    """

    scope = Scope.ORGANIZE  # endpoints that need less override it
    organizers_too = False  # for whom `Scope.ORGANIZE` is enough: `EditionEndpoint`
    public = False
    parameters: list[OpenApiParameter] = []
    throttle_classes = [TokenThrottle]

    def get_permissions(self) -> list[BasePermission]:
        everybody = self.public and self.request.method in SAFE_METHODS
        return [AllowAny() if everybody else IsAuthenticated()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Pages ignore `Accept-Language`; programs send it on purpose.
        if request.auth is not None and "Accept-Language" in request.headers:
            translation.activate(translation.get_language_from_request(request._request))
        super().initial(request, *args, **kwargs)
        token: Any = request.auth
        if token is not None:
            user: Any = request.user
            user.counted_roles = lambda: getattr(request._request, "counted_roles", frozenset())
            reads = request.method in SAFE_METHODS
            if reads or not (self.organizers_too and Scope.ORGANIZE in token.scopes):
                check_scope(token, Scope.READ if reads else self.scope)
            if reads or self.scope == Scope.ANNOUNCE:
                user.suffices = None

    def handle_exception(self, exc: Exception) -> Response:
        user: Any = self.request.user
        if self.request.auth is not None and isinstance(exc, NOT_FOUND) and user.is_held_back:
            exc = MissingScope(Scope.ORGANIZE)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kw)
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        response["Content-Language"] = translation.get_language()
        if (
            isinstance(response, Response)
            and (request.method, response.status_code) == ("GET", 200)
            and "Cache-Control" not in response
        ):
            response["Cache-Control"] = "private, no-cache"
            response.add_post_render_callback(partial(_conditional, request))
        return response

    def page(self, items: Iterable[Any], *, newest_first: bool = False) -> "Page":
        """`items` have an id and an order of their own. The next page begins after the last item,
        or, if that is gone, at its place. `newest_first`: a query by descending primary key.
        """
        query = queried(PageQuery, self.request)
        limit = query["limit"]
        last, _dot, place = query.get("cursor", ".0").rpartition(".")
        start = int(place)
        if newest_first:
            assert isinstance(items, QuerySet)
            later = items.filter(pk__lt=last) if last.isdigit() else items
            rows, start = list(later[: limit + 1]), 0
        else:
            rows = list(items)
            index = next((i for i, row in enumerate(rows) if str(_id(row)) == last), None)
            start = max(start - 1, 0) if index is None else index + 1
        page = Page(rows[start : start + limit])
        if len(rows) > start + limit:
            cursor = f"{_id(page[-1])}.{start + limit}"
            url = replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)
            page.link = f'<{url}>; rel="next"'
        return page

    def answer(
        self, gives: type, result: Any, *, many: bool = False, status: int = 200
    ) -> Response:
        """Instants are in UTC, although the middleware activates the zone of the edition."""
        with timezone.override(UTC):
            data = gives(result, many=many).data
        link = {"Link": result.link} if isinstance(result, Page) and result.link else {}
        return Response(data, status=status, headers=link)


class Page(list[Any]):
    link = ""


def reads(gives: type, *, many: bool = False, **description: Any) -> Callable[..., Any]:
    """For `get`, which returns an object, or with `many` those of the list or one page of them."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(function)
        def get(self: Endpoint, request: Request, **kwargs: Any) -> Response:
            result = function(self, request, **kwargs)
            if many and not isinstance(result, Page):
                result = self.page(result)
            return self.answer(gives, result, many=many)

        parameters = [*description.pop("parameters", []), *([PageQuery] if many else [])]
        return extend_schema(responses=gives(many=many), parameters=parameters, **description)(get)

    return decorate


def writes(
    takes: type | None,
    gives: type | None = None,
    *,
    first: Callable[[Any], object],
    status: int = 201,
    **description: Any,
) -> Callable[..., Any]:
    """For a method that gets what `first` returns, the validated body and the instant, and calls
    one service. Without `gives` the answer is empty. `first` gets the object from the endpoint and
    checks the right, before the body is read: to strangers any body is 404.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(function)
        def write(self: Endpoint, request: Request, **kwargs: Any) -> Response:
            arguments: dict[str, Any] = {"at": clock.now()}

            def act() -> Response:
                target = first(self)
                if takes is not None:
                    context = {"edition": getattr(request, "edition", None), "request": request}
                    body = takes(data=request.data, context=context)
                    body.is_valid(raise_exception=True)
                    arguments["body"] = body.validated_data
                result = function(self, request, target, **arguments)
                if gives is None:
                    return Response(status=204)
                return self.answer(gives, result, status=status)

            return once(self, request, act)

        return extend_schema(
            request=takes,
            responses={204: None} if gives is None else {status: gives},
            parameters=[KEY],
            **description,
        )(write)

    return decorate


def _id(row: Any) -> Any:
    pk = row["id"] if isinstance(row, dict) else row.pk
    if pk is None:
        raise ImproperlyConfigured("Rows of a page need an id.")
    return pk


def _conditional(request: Request, response: Response) -> HttpResponse | None:
    """The ETag is computed from the answer with a secret key, so it reveals nothing."""
    content = f"{request.user.pk}:{response.get('Link', '')}:".encode() + response.content
    etag = f'"{salted_hmac("core.api.etag", content, algorithm="sha256").hexdigest()[:32]}"'
    response["ETag"] = etag
    http_request: HttpRequest = request._request
    not_modified: HttpResponse | None = get_conditional_response(
        http_request, etag=etag, response=response
    )
    return not_modified
