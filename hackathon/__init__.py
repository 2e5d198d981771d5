"""The site. Importing it loads the Celery application, so that tasks find it."""

from hackathon.celery import app as celery_app

__all__ = ["celery_app"]
