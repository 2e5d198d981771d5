from django.urls import path

from hackathon.extras.packages import views

app_name = "packages"

urlpatterns = [
    path("paquets/", views.index, name="index"),
    path("paquets/<uuid:pk>/", views.content, name="content"),
    path("paquets/<uuid:pk>/cle/", views.key, name="key"),
]
