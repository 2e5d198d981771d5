from django.urls import path

from hackathon.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("telephone/", views.phone, name="phone"),
    path("nom/", views.name, name="name"),
    path("autre-appareil/", views.other_device, name="other-device"),
    path("connexion/code-d-entree/", views.enter, name="enter"),
]
