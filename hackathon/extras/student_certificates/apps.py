from django.apps import AppConfig


class StudentCertificatesConfig(AppConfig):
    name = "hackathon.extras.student_certificates"
