import logging
import threading
from argparse import ArgumentParser
from typing import Any
from wsgiref.simple_server import make_server

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from prometheus_client import exposition

from hackathon.run.operations.exporter import registry

logger = logging.getLogger(__name__)

# Prometheus waits ten seconds for all numbers.
DATABASE_WAIT_SECONDS = 2


class Command(BaseCommand):
    help = "Serve /metrics of all processes, for Prometheus, on a port of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9108)
        parser.add_argument(
            "--pod",
            action="store_true",
            help="the processes and the disk of this pod, not database, queues and backup",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if pool := connection.settings_dict["OPTIONS"].get("pool"):
            pool["timeout"] = DATABASE_WAIT_SECONDS

        def application(environ: dict[str, Any], start_response: Any) -> Any:
            # Anew for each scrape: processes come and go.
            return exposition.make_wsgi_app(registry(pod=options["pod"]))(environ, start_response)

        with make_server(
            options["bind"],
            options["port"],
            application,
            handler_class=exposition._SilentHandler,
        ) as server:
            url = f"http://{options['bind']}:{server.server_port}/metrics"
            if settings.LOG_FORMAT == "json":
                logger.info("It serves", extra={"url": url})
            else:
                self.stdout.write(url)
                self.stdout.flush()
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            thread.join()
