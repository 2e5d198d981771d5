from channels.routing import URLRouter
from django.conf import settings
from django.urls import path

from hackathon.core.sockets.connection import SameOrigin
from hackathon.site.live_socket import live_application

websocket = SameOrigin(
    URLRouter([path("ws/live/", live_application)]),
    settings.ALLOWED_HOSTS,
)
