"""The WSGI door: pages and API of the production, beside `hackathon.asgi` for the sockets."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

from hackathon.core.clock import stamp_wsgi

application = stamp_wsgi(get_wsgi_application())
