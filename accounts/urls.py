"""Addresses of accounts."""

from django.urls import URLPattern, URLResolver, path

from accounts.views import ProfileView, SignInView, SignOutView

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", SignOutView.as_view(), name="logout"),
    path("profile/", ProfileView.as_view(), name="profile"),
]
