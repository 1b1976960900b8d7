"""An ASGI server's entry point, for hosts that want one."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
