from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "hackathon.day.questions"
    label = "questions"
    verbose_name = _("Questions")

    def ready(self) -> None:
        from hackathon.day.questions import receivers  # noqa: F401
