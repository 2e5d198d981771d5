from django.urls import path

from hackathon.extras.years import views

app_name = "years"

urlpatterns = [path("organisation/annees/", views.index, name="index")]
