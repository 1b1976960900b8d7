"""Pages of accounts."""

from accounts.views.profile import ProfileView
from accounts.views.sign_in import SignInView, SignOutView

__all__ = ["ProfileView", "SignInView", "SignOutView"]
