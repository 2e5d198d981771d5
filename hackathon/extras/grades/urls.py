from django.urls import path

from hackathon.extras.grades import views

app_name = "grades"
GRADES = "organisation/editions/<slug:slug>/notes-etudiants/"

urlpatterns = [
    path(GRADES, views.grades, name="grades"),
    path(f"{GRADES}a-part/", views.own_grades, name="own-grades"),
    path(f"{GRADES}a-part/<int:pk>/", views.own_grade, name="own-grade"),
    path(f"{GRADES}a-part/<int:pk>/retirer/", views.withdraw, name="withdraw"),
]
