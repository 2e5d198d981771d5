from django.urls import path

from hackathon.witness import views

app_name = "witness"
urlpatterns = [path("horodatages/<int:pk>/", views.stamp, name="stamp")]
