from django.urls import path

from hackathon.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
]
