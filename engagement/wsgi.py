"""The web process's entry point; refuses to start if a check finds an error."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
# gunicorn runs no checks by itself; production must not serve with unsafe settings.
call_command("check", "--fail-level", "ERROR", verbosity=0)
