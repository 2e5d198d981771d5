from django.urls import path

from hackathon.years import views

app_name = "years"

urlpatterns = [path("organisation/annees/", views.index, name="index")]
