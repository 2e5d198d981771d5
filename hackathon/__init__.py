"""Imports the Celery application, so that `shared_task` uses it."""

from hackathon.celery import app as celery_app

__all__ = ["celery_app"]
