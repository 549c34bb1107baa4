"""Addresses of the desk. Ids only: numbers, names and e-mail addresses travel in bodies."""

from django.urls import path

from klantbeeld.desk import acts, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("find", views.find, name="find"),
    path("commands", views.commands, name="commands"),
    path("purpose", views.purpose, name="purpose"),
    path("customers/", views.customers, name="customers"),
    path("customers/rows", views.customer_rows, name="rows"),
    path("customers/<str:customer>/", views.customer, name="customer"),
    path("customers/<str:customer>/values/<slug:attribute>", views.value, name="value"),
    path("customers/<str:customer>/values/<slug:attribute>/correct", acts.correct, name="correct"),
    path("customers/<str:customer>/judge/<str:other>", acts.judge, name="judge"),
    path("decisions/<str:decision>/undo", acts.undo, name="undo"),
    path("customers/<str:customer>/timeline", views.timeline, name="timeline"),
    path("customers/<str:customer>/duplicates", views.duplicates, name="duplicates"),
    path("customers/<str:customer>/why", views.why, name="why"),
    path("customers/<str:customer>/history", views.history, name="history"),
    path("customers/<str:customer>/moment", views.moment, name="moment"),
]
