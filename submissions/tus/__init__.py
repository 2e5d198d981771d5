"""Resumable uploads: tus 1.0.0 as an ASGI application, mounted at `/uploads/`."""

from submissions.tus.app import application

__all__ = ["application"]
