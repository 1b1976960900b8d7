"""Addresses of demo."""

from django.urls import URLPattern, URLResolver, path

from demo import views

app_name = "demo"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.AboutPage.as_view(), name="about"),
    path("date/", views.BusinessDatePage.as_view(), name="date"),
    path("mail/", views.MailPage.as_view(), name="mail"),
]
