"""Addresses of the sockets."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.conf import settings
from django.urls import path

from hackathon.accounts.sockets import TokenAuthentication
from hackathon.core.consumers import SameOrigin
from hackathon.dashboard.consumers import LiveConsumer

websocket = SameOrigin(
    AuthMiddlewareStack(TokenAuthentication(URLRouter([path("ws/live/", LiveConsumer.as_asgi())]))),
    settings.ALLOWED_HOSTS,
)
