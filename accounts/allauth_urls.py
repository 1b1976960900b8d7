"""Addresses under the names that allauth asks for: only those of its pages that we want.

What is missing on purpose: signing up, addresses of e-mail, signing in by code, passkeys and other
people's sign-in. docs/running.md says what a passkey or a sign-in by OpenID Connect adds here.
"""

from django.urls import URLPattern, URLResolver, path, re_path

from accounts.views import reset, security
from accounts.views.sign_in import SecondFactorView, SignInView

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", SignInView.as_view(), name="account_login"),
    path("login/code/", SecondFactorView.as_view(), name="mfa_authenticate"),
    path("confirm/", security.PasswordAgainView.as_view(), name="account_reauthenticate"),
    path("confirm/code/", security.CodeAgainView.as_view(), name="mfa_reauthenticate"),
    path("password/", security.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", reset.ResetView.as_view(), name="account_reset_password"),
    path("password/reset/sent/", reset.ResetSentView.as_view(), name="account_reset_password_done"),
    path(
        "password/reset/done/",
        reset.ResetDoneView.as_view(),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        reset.ResetFromLinkView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("security/", security.SecurityView.as_view(), name="mfa_index"),
    path("security/second-step/", security.SetUpView.as_view(), name="mfa_activate_totp"),
    path("security/second-step/remove/", security.RemoveView.as_view(), name="mfa_deactivate_totp"),
    path(
        "security/recovery-codes/",
        security.RecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery-codes/new/",
        security.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "security/recovery-codes/file/",
        security.RecoveryCodesFileView.as_view(),
        name="mfa_download_recovery_codes",
    ),
]
