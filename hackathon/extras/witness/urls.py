from django.urls import path

from hackathon.extras.witness import views

app_name = "witness"
urlpatterns = [path("editions/<slug:slug>/horodatages/<int:pk>/", views.stamp, name="stamp")]
