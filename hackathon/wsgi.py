"""The WSGI application: pages and API in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

from hackathon.core.clock import stamp_wsgi

application = stamp_wsgi(get_wsgi_application())
