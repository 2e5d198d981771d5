from django.urls import path

from hackathon.extras.public_demo import views

app_name = "public_demo"

urlpatterns = [
    path("demonstration/", views.index, name="index"),
    path("demonstration/entrer/", views.enter, name="enter"),
    path("demonstration/remise-a-zero/", views.reset, name="reset"),
]
