"""Form rendering."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms of the site."""
