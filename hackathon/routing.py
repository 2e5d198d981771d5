"""Addresses of the sockets."""

from channels.routing import URLRouter
from django.conf import settings
from django.urls import path

from hackathon.core.consumers import SameOrigin
from hackathon.dashboard.consumers import live_consumer

websocket = SameOrigin(
    URLRouter([path("ws/live/", live_consumer)]),
    settings.ALLOWED_HOSTS,
)
