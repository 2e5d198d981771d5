"""A write that is sent twice happens once: the header `Idempotency-Key`."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.base.core import clock, logs
from hackathon.base.core.models import KeptAnswer
from hackathon.base.core.problems import CONTENT_TYPE, problem

HEADER = "Idempotency-Key"
LENGTH = 200


class Handler(Protocol):
    def handle_exception(self, exc: Exception) -> Response: ...


def once(view: Handler, request: Request, act: Callable[[], Response]) -> Response:
    """Of two requests at the same time the second waits for the row of the first. The act and its
    answer are one transaction. Refusals are kept too, invalid bodies and failures of the server are
    not.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not 0 < len(key) <= LENGTH or not key.isprintable():
        raise serializers.ValidationError({HEADER: [_("De 1 à 200 caractères.")]})
    wanted = {"user": request.user, "key": key}
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = KeptAnswer.objects.create(
                    **wanted, fingerprint=fingerprint, written_at=clock.now()
                )
        except IntegrityError:
            return _again(KeptAnswer.objects.get(**wanted), fingerprint)
        try:
            response = act()
        except serializers.ValidationError:
            raise  # the client corrects the body and keeps the key
        except Exception as error:  # noqa: BLE001 - raised again unless it is an answer
            response = view.handle_exception(error)
        row.status, row.body = response.status_code, response.data
        row.save(update_fields=["status", "body"])
    return response


def _again(earlier: KeptAnswer, fingerprint: str) -> Response:
    if earlier.fingerprint != fingerprint:
        detail = _("Cette clé a déjà servi pour une autre demande. Prenez-en une nouvelle.")
        return problem(422, "idempotency_key_reused", detail)
    if earlier.status >= 400 and earlier.body:
        logs.bind(code=earlier.body["code"])
    return Response(
        earlier.body,
        status=earlier.status,
        headers={"Idempotency-Replayed": "true"},
        content_type=CONTENT_TYPE if earlier.status >= 400 else None,
    )


def _fingerprint(request: Request) -> str:
    data: Any = request.data
    if isinstance(data, QueryDict):
        data = {
            name: [getattr(value, "sha256", value) for value in values]
            for name, values in data.lists()
        }
    text = json.dumps([request.method, request.get_full_path(), data], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
