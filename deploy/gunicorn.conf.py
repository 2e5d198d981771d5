"""gunicorn of the pages. The master imports the site, compiles the templates and renders two pages
before it forks, so a new worker serves without delay. No request is lost after HUP or when a
worker crashes.
"""

import gc
import io
import os
import sys

wsgi_app = "hackathon.wsgi:application"
bind = "0.0.0.0:8000"
workers = int(os.environ.get("CCD_WEB_WORKERS", "2"))
threads = int(os.environ.get("CCD_WEB_THREADS", "8"))
worker_class = "hackathon.run.operations.gunicorn_worker.Worker"
preload_app = True
# Seconds for which a worker may be stuck. Requests may take longer: each has its thread.
timeout = 120
# Time for running requests after SIGTERM. The stop timeout in docker-compose.yml is longer.
graceful_timeout = 60
control_socket_disable = True


def on_starting(server):
    """The application is imported: `preload_app`."""
    from hackathon.run.operations.migrated import NotServing, close_connections, require_migrated

    try:
        require_migrated()
        warm_up(server.app.wsgi())
    except NotServing as error:
        print(error, file=sys.stderr)
        raise SystemExit(3) from None
    finally:
        close_connections()
    gc.collect()
    gc.freeze()  # workers share this memory as long as no collection writes to it


def warm_up(application):
    """The first page takes 1.3 s of CPU."""
    from django.conf import settings
    from django.urls import reverse

    from hackathon.run.operations.warm_up import compile_templates

    compile_templates()
    scheme = "https" if settings.HTTPS else "http"
    for path in (reverse("home"), reverse(settings.LOGIN_URL)):
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": settings.SITE_URL.partition("://")[2],
            "HTTP_X_FORWARDED_PROTO": scheme,
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        answer = application(environ, lambda *_: None)
        b"".join(answer)
        answer.close()


def post_worker_init(worker):
    from hackathon.run.operations import heartbeats

    heartbeats.start("web")
