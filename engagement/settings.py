"""Settings of the project: one file, everything that varies comes from the environment.

``ENGAGEMENT_MODE`` is demo, test or production. Production refuses to start with
unsafe values (see ``engagement.checks``).
"""

from __future__ import annotations

import hmac
import importlib.util
from pathlib import Path

import pgtrigger
from csp.constants import NONCE, NONE, SELF

from engagement import env

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.mode()
DEMONSTRATION = MODE == "demo"
PRODUCTION = MODE == "production"
VAR_DIR = Path(env.text("ENGAGEMENT_VAR", str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY = env.secret("ENGAGEMENT_SECRET_KEY", None if PRODUCTION else "only-for-this-machine")
ALLOWED_HOSTS = env.words("ENGAGEMENT_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []

INSTALLED_APPS = [
    "engagement.apps.EngagementConfig",
    "demo",
    "reports",
    "problems",
    "incidents",
    "assets",
    "surveys",
    "delivery",
    "programmes",
    "places",
    "accounts",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "leaflet",
    "django_htmx",
    "csp",
    "rest_framework",
    "rest_framework_gis",
    "django_filters",
    "drf_spectacular",
]

MIDDLEWARE = [
    "core.middleware.ServerTimingMiddleware",
    "core.compression.CompressTextMiddleware",
    "core.middleware.CarefulHeadersMiddleware",
    "core.middleware.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.ledger.middleware.LedgerMiddleware",  # outside all that can refuse, inside who asks
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AssuranceMiddleware",
    "core.middleware.NoStoreMiddleware",
    "core.middleware.BusinessDateMiddleware",
    "core.history.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "engagement.urls"
WSGI_APPLICATION = "engagement.wsgi.application"
ASGI_APPLICATION = "engagement.asgi.application"
FORM_RENDERER = "core.forms.EngagementRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "demo.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "core.templatetags.govuk"],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database(env.text("DATABASE_URL", "postgis:///engagement?host=/var/run/postgresql")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {
            "NAME": env.text("TEST_DATABASE_NAME", "test_engagement"),
            "TEMPLATE": "template_postgis",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# GDAL and GEOS from the wheels: Debian's GDAL is too old to block file and network access by a
# hostile spatial reference (Django's check gis.W001).


def _wheel_library(package: str, folder: str, pattern: str) -> str:
    spec = importlib.util.find_spec(package)
    assert spec is not None, package
    assert spec.origin is not None, package
    found = sorted((Path(spec.origin).parents[1] / folder).glob(pattern))
    assert found, f"{package} brings no {pattern}"
    return str(found[0])


GDAL_LIBRARY_PATH = _wheel_library("pyogrio", "pyogrio.libs", "libgdal*")
GEOS_LIBRARY_PATH = _wheel_library("shapely", "shapely.libs", "libgeos_c*")

# --- Who ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.HouseBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # no database row stands for "nobody"
GUARDIAN_RAISE_403 = True
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.BreachedPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_COOKIE_AGE = 12 * 3600  # a session ends then, whatever is done in it
SESSION_IDLE_SECONDS = 30 * 60
LIMITED_SESSION_SECONDS = 2 * 3600  # of a session opened by a link in a mail and a code
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"

# Who needs a second factor: accounts.assurance. Only a demonstration may do without it.
SECOND_FACTOR_WAIVED = DEMONSTRATION

# allauth: sign-in by e-mail address and password, then time-based or recovery codes. Nobody signs
# up; an invitation proves the e-mail address. Its rate limits count in a cache of each process:
# they are off, accounts.tries counts in the database.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_LOGIN_TIMEOUT = 900  # seconds between the password and the code
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODE_COUNT = 10
MFA_TOTP_TOLERANCE = 1  # half minutes by which a phone's clock may be wrong

# --- History ------------------------------------------------------------------------------------
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGTRIGGER_MIGRATIONS = True

# --- Ledger -------------------------------------------------------------------------------------
# The key of the seals: not in the database, and best not where its backups lie. After a change of
# keys the old ones stay here, so that old seals can be verified (docs/ledger.md).
LEDGER_KEY = env.secret(
    "ENGAGEMENT_LEDGER_KEY",
    hmac.new(SECRET_KEY.encode(), b"seals of the ledger", "sha256").hexdigest(),
)
LEDGER_OLD_KEYS = [
    key.strip() for key in env.secret("ENGAGEMENT_LEDGER_OLD_KEYS", "").split(",") if key.strip()
]

# --- Words, numbers, dates ------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
DATE_FORMAT = "j F Y"

# --- Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"  # private: no URL serves this folder
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_IMAGE_PIXELS = 60_000_000

# --- Mail ---------------------------------------------------------------------------------------
# Links in mail begin with this and nothing else: never with what a request calls its host.
SITE_URL = env.text("ENGAGEMENT_BASE_URL", "" if PRODUCTION else "http://localhost:8000").rstrip(
    "/"
)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("ENGAGEMENT_SMTP_HOST", "localhost")
DEFAULT_FROM_EMAIL = env.text("ENGAGEMENT_MAIL_FROM", "engagement@localhost")

# --- Safety -------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Maps ---------------------------------------------------------------------------------------
# No tile host by default: boundaries and layers draw without tiles, and nothing leaves the machine.
LEAFLET_CONFIG = {
    "TILES": [],
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
    "DEFAULT_CENTER": (52.4, -2.7),
    "DEFAULT_ZOOM": 8,
}

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.SessionAuthentication",
        "accounts.api.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.HouseFilterBackend"],
    "DEFAULT_METADATA_CLASS": None,  # the schema describes the API; OPTIONS answers 405
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.problem_details",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Intensive Engagement API",
    "DESCRIPTION": "Programmes, locations, steps, ASB data and reports of Intensive Engagement.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AgencyKindEnum": "accounts.models.agency.AgencyKind",
        "AreaDefinitionKindEnum": "places.choices.DefinitionKind",
        "HelpOutcomeEnum": "delivery.choices.HelpOutcome",
        "MarkingEnum": "core.choices.Marking",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.describe_shared",
    ],
}

# --- Jobs ---------------------------------------------------------------------------------------
# A job is a row in PostgreSQL (core.jobs); Celery and Redis only carry and wake it, so every
# time-out here is short: a slow broker must not hold up a person's request.
REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 12 * 3600,
    "socket_timeout": 1,  # a worker, which waits for messages, has 5: engagement.celery
    "socket_connect_timeout": 1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_TIMEZONE = TIME_ZONE
JOB_LEASE_SECONDS = int(env.text("JOB_LEASE_SECONDS", "60"))
JOB_HEARTBEAT_SECONDS = int(env.text("JOB_HEARTBEAT_SECONDS", "15"))
JOB_SWEEP_SECONDS = int(env.text("JOB_SWEEP_SECONDS", "15"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"paths": {"()": "core.paths.SafePaths"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["paths"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "weasyprint.progress": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
