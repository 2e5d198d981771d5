from django.urls import path

from hackathon.extras.running_order import views

app_name = "running_order"

urlpatterns = [
    path("deroule/", views.index, name="index"),
    path("deroule/<int:pk>/", views.tick, name="tick"),
    path("organisation/editions/<slug:slug>/deroule/", views.edit, name="edit"),
    path("organisation/editions/<slug:slug>/deroule/proposer/", views.propose, name="propose"),
    path("organisation/editions/<slug:slug>/deroule.pdf", views.sheet, name="sheet"),
]
