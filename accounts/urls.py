"""Addresses of accounts, one list for each part."""

from django.urls import URLPattern, URLResolver, path

from accounts.views import ProfileView, SignInView, SignOutView
from accounts.views.invitations import InvitationView
from accounts.views.links import LinkCodeView, LinkView
from accounts.views.security import SecurityView
from accounts.views.sessions import OtherSessionsEndView, SessionEndView, SessionsView
from accounts.views.tokens import TokenCreateView, TokenListView, TokenRevokeView

app_name = "accounts"

# --- Signing in and out ---------------------------------------------------------------------------
signing: list[URLPattern | URLResolver] = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", SignOutView.as_view(), name="logout"),
    path("link/<str:token>/", LinkView.as_view(), name="link"),
    path("link/<str:token>/code/", LinkCodeView.as_view(), name="link-code"),
]

# --- Oneself: profile, security, sessions ---------------------------------------------------------
oneself: list[URLPattern | URLResolver] = [
    path("profile/", ProfileView.as_view(), name="profile"),
    path("security/", SecurityView.as_view(), name="security"),
    path("sessions/", SessionsView.as_view(), name="sessions"),
    path("sessions/end-others/", OtherSessionsEndView.as_view(), name="sessions-end-others"),
    path("sessions/<int:session>/end/", SessionEndView.as_view(), name="session-end"),
]

# --- Tokens for programs --------------------------------------------------------------------------
tokens: list[URLPattern | URLResolver] = [
    path("tokens/", TokenListView.as_view(), name="tokens"),
    path("tokens/new/", TokenCreateView.as_view(), name="token-new"),
    path("tokens/<uuid:token>/revoke/", TokenRevokeView.as_view(), name="token-revoke"),
]

# --- Invitations ----------------------------------------------------------------------------------
invitations: list[URLPattern | URLResolver] = [
    path("invitations/<str:token>/", InvitationView.as_view(), name="invitation"),
]

urlpatterns: list[URLPattern | URLResolver] = [*signing, *oneself, *tokens, *invitations]
