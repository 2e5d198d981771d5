from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudentCertificatesConfig(AppConfig):
    name = "hackathon.extras.student_certificates"
    label = "student_certificates"
    verbose_name = _("Attestations")
