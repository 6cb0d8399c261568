"""Settings, read from the environment; see docs/reference/settings.md, section by section."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from depesa.core.languages import FORMATS, languages

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """The variable, or what the file named by NAME_FILE holds, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as problem:
        raise ImproperlyConfigured(f"{name}_FILE is {path!r}, which cannot be read: {problem}") from None


def env_bool(name: str, *, default: bool) -> bool:
    """True or False, and nothing else."""
    text = env(name, str(default))
    if text not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name} is {text!r}; write True or False")
    return text == "True"


def env_int(name: str, default: int) -> int:
    """A whole number."""
    text = env(name, str(default))
    if not text.isdigit():
        raise ImproperlyConfigured(f"{name} is {text!r}; write a whole number")
    return int(text)


def env_word(name: str, default: str, *words: str) -> str:
    """One of these words."""
    text = env(name, default)
    if text not in words:
        raise ImproperlyConfigured(f"{name} is {text!r}; write one of {', '.join(words)}")
    return text


# Where things lie
_home = Path(env("XDG_DATA_HOME") or Path.home() / ".local" / "share")
DEPESA_DATA_DIR = Path(env("DEPESA_DATA_DIR") or _home / "depesa").absolute()
DEPESA_SMTP_URL = env("DEPESA_SMTP_URL")
DEPESA_INSTALLATION = env("DEPESA_INSTALLATION")
DEPESA_SITE_URL = env("DEPESA_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
DEPESA_CATCHER_PORT = env_int("DEPESA_CATCHER_PORT", 2525)
DEPESA_UPLOAD_LIMIT = env_int("DEPESA_UPLOAD_LIMIT_MB", 200) * 1024 * 1024
DEPESA_GRACE = env_int("DEPESA_GRACE", 75)
DEPESA_RENDERERS = env_int("DEPESA_RENDERERS", min(os.cpu_count() or 1, 8))
os.umask(0o077)  # what we write is nobody else's business
DEPESA_DATA_DIR.mkdir(parents=True, exist_ok=True)
if os.access(DEPESA_DATA_DIR, os.W_OK) and DEPESA_DATA_DIR.stat().st_uid == os.geteuid():
    DEPESA_DATA_DIR.chmod(0o700)


def _own_secret() -> str:
    """The installation's secret: made once, kept beside the data, readable by its owner only."""
    path = DEPESA_DATA_DIR / "secret.key"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process of this start was faster; its secret counts
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


# Safety
SHORTEST_SECRET = 32  # characters
SECRET_KEY = env("DEPESA_SECRET_KEY") or _own_secret()
DEBUG = env_bool("DEPESA_DEBUG", default=False)
ALLOWED_HOSTS = [
    host
    for host in [
        urlsplit(DEPESA_SITE_URL).hostname,
        *env("DEPESA_HOSTS", "localhost,127.0.0.1,[::1]").split(","),
    ]
    if host
]
_site = urlsplit(DEPESA_SITE_URL)
_is_https = DEPESA_SITE_URL.startswith("https://")
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(f"DEPESA_SITE_URL is {DEPESA_SITE_URL!r}; write https://desk.example, as people type it")
if DEBUG and _is_https:
    raise ImproperlyConfigured("DEPESA_DEBUG shows source code to everybody; never switch it on behind https")
if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("DEPESA_HOSTS lets any host in; name each host under which the desk is asked for")
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"DEPESA_SECRET_KEY is too short; write at least {SHORTEST_SECRET} random characters")
CSRF_TRUSTED_ORIGINS = [DEPESA_SITE_URL]
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "depesa.config.middleware.refuse_forgery"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_NAME = "__Host-csrftoken" if _is_https else "csrftoken"
SESSION_COOKIE_NAME = "__Host-sessionid" if _is_https else "sessionid"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
DEPESA_IDLE_HOURS = env_int("DEPESA_IDLE_HOURS", 12)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _is_https
DEPESA_PROXIES = env_int("DEPESA_PROXIES", 0)
DEPESA_PROXY_ADDRESSES = env("DEPESA_PROXY_ADDRESSES", "127.0.0.1,::1").split(",")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # what others than the proxy say is taken away before
SECURE_SSL_REDIRECT = False  # the proxy in front does that; see docs/how-to/behind-a-proxy.md
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "manifest-src": [CSP.SELF],
}
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["depesa.config.passwords.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "depesa.config.passwords.Guessable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:start"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "depesa.staff.adapter.DeskAdapter"
ACCOUNT_FORMS = {
    "login": "depesa.staff.forms.SignInForm",
    "change_password": "depesa.staff.forms.PasswordForm",
    "reauthenticate": "depesa.staff.forms.ConfirmForm",
}
ACCOUNT_RATE_LIMITS = False  # counted in the database, see depesa/staff/services/limits.py
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Database
_database = env("DEPESA_DATABASE_URL") or f"sqlite:///{DEPESA_DATA_DIR / 'depesa.sqlite3'}"
try:
    DATABASES = {"default": dj_database_url.parse(_database)}
except ValueError:
    raise ImproperlyConfigured("DEPESA_DATABASE_URL is no address; write postgres://user:password@host/name") from None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "depesa.core.sqlite"
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # said, for pytest-django knows only Django's own backend
    # FULL: a permit that a power cut could take back would be a letter sent twice.
    # IMMEDIATE: no deadlock when a reader turns writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
        ),
    }
else:
    # Whoever holds a lock and does nothing, or waits for one, is cut off: letters go on, and what was heard is kept.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c idle_in_transaction_session_timeout=60s -c lock_timeout=60s"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Parts
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_prose_editor",
    "depesa.core",
    "depesa.mail",
    "depesa.ui",
    "depesa.pdf",
    "depesa.company",
    "depesa.staff",
    "depesa.imports",
    "depesa.catalog",
    "depesa.customers",
    "depesa.history",
    "depesa.catcher",
    "depesa.documents",
    "depesa.emails",
    "depesa.outbox",
    "depesa.triggers",
    "depesa.operations",
    "depesa.orders",
    "depesa.statements",
    "depesa.shop",
    "depesa.api",
    "depesa.dashboard",
    "depesa.config",
    "allauth",  # after ours, so that our sign-in pages are found first
    "allauth.account",
]
MIDDLEWARE = [
    "depesa.config.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "depesa.staff.middleware.SessionsMiddleware",
    "depesa.config.middleware.DeskMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "depesa.dashboard.navigation.desk",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
ROOT_URLCONF = "depesa.config.urls"
ASGI_APPLICATION = "depesa.config.asgi.application"
FORM_RENDERER = "depesa.ui.renderers.FormRenderer"

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [(language.code, language.name) for language in languages()]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = FORMATS
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: served from the packages (see asgi.py), no collecting step needed
STATIC_URL = "static/"
STATIC_ROOT = DEPESA_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DEPESA_DATA_DIR / "uploads"
FILE_UPLOAD_HANDLERS = ["depesa.files.uploads.UploadDoor"]

# Background work: rows say what is due
DEPESA_CELERY_BROKER = env("DEPESA_CELERY_BROKER", "amqp://guest@127.0.0.1//")

# Other programs
DEPESA_API_RATE = env_int("DEPESA_API_RATE", 600)
DEPESA_WEBHOOKS_PRIVATE = env_bool("DEPESA_WEBHOOKS_PRIVATE", default=False)

# Logging: one line each, to standard error
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "depesa.config.logs.WithoutSecrets",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env_word("DEPESA_LOG_LEVEL", "WARNING", "DEBUG", "INFO", "WARNING", "ERROR"),
    },
    # A page that is refused or not there is an answer, not a fault of the desk.
    "loggers": {name: {"level": "ERROR"} for name in ("django.request", "django.security.DisallowedHost")}
    | {"depesa.security": {"level": "INFO"}},
}
