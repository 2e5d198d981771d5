"""Pages that look over all apps."""

from hackathon.dashboard.views.public import home

__all__ = ["home"]
