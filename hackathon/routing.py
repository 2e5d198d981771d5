from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.urls import path, re_path

from hackathon.base.live.connection import SameOrigin
from hackathon.day.site.live_socket import live_application

websocket = SameOrigin(
    URLRouter([path("ws/live/", live_application), re_path("", WebsocketDenier.as_asgi())]),
    settings.ALLOWED_HOSTS,
)
