"""The WSGI application: pages and API in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

_pages = get_wsgi_application()  # the imports below need its apps

from hackathon.base.accounts.body_limits import limit_wsgi
from hackathon.base.core.clock import stamp_wsgi

application = stamp_wsgi(limit_wsgi(_pages))
