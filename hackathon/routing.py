from channels.routing import URLRouter
from django.conf import settings
from django.urls import path

from hackathon.core.sockets.connection import SameOrigin
from hackathon.site.consumers import live_consumer

websocket = SameOrigin(
    URLRouter([path("ws/live/", live_consumer)]),
    settings.ALLOWED_HOSTS,
)
