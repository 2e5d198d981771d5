"""Settings that nothing from outside changes."""

from django.utils.csp import CSP

# ---------------------------------------------------------------- the site

INSTALLED_APPS = [
    "allauth.socialaccount",  # before accounts, which removes pages of its admin
    "hackathon.base.core",
    "hackathon.base.live",
    "hackathon.base.accounts",
    "hackathon.base.push",
    "hackathon.event.editions",
    "hackathon.event.appearance",
    "hackathon.event.partners",
    "teams",
    "submissions",
    "judging",
    "hackathon.event.imports",
    "hackathon.run.journal",
    "hackathon.event.people",
    "hackathon.day.announcements",
    "hackathon.day.questions",
    "hackathon.day.site",
    "hackathon.day.stage",
    "hackathon.day.control_room",
    "hackathon.event.setup",
    "hackathon.run.privacy",
    "hackathon.run.operations",
    "hackathon.run.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "hackathon.base.core.static.Static",
    "django.forms",
]

# What a school may leave out, each an app in `hackathon/extras/` (CCD_EXTRAS).
EXTRAS = [
    "meals",
    "presence",
    "rounds",
    "grades",
    "webhooks",
    "years",
    "trial_runs",
    "gallery",
    "static_archive",
    "passages",
    "favourite",
    "promises",
    "letters",
    "packages",
    "brief_scene",
    "team_searches",
    "offered_readings",
    "standby",
    "student_badges",
    "student_certificates",
    "witness",
    "proofs",
    "guide",
    "public_demo",
    "emergency",
    "running_order",
    "photographs",
    "voices",
]

MIDDLEWARE = [
    "hackathon.run.operations.middleware.Health",
    "hackathon.run.operations.middleware.Requests",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hackathon.base.core.middleware.PrivateByDefault",
    "hackathon.base.core.middleware.StorableAddresses",
    "hackathon.base.core.middleware.ReadAgain",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hackathon.base.accounts.middleware.EndedSession",
    "hackathon.base.core.middleware.ChosenLanguage",
    "hackathon.base.core.middleware.OtherServer",
    "hackathon.base.core.middleware.NotFoundIs404",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hackathon.base.accounts.middleware.Authentication",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hackathon.base.accounts.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hackathon.day.site.middleware.LiveMark",
    "hackathon.event.editions.middleware.CurrentEdition",
    "hackathon.event.editions.middleware.Reader",
    "hackathon.base.core.middleware.of_extras",
    "hackathon.event.setup.middleware.FirstRun",
    "hackathon.base.accounts.middleware.ByBadge",  # after the edition, which its page shows
]

MESSAGE_STORAGE = "hackathon.base.core.cookies.Messages"

# ---------------------------------------------------------------- headers

PERMISSIONS_POLICY = (
    "bluetooth=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), hid=(), "
    "microphone=(), midi=(), payment=(), serial=(), usb=()"
)
X_FRAME_OPTIONS = "DENY"  # except in `core.file_responses`
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# ---------------------------------------------------------------- people

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "hackathon.base.accounts.passwords.KnownWords",
        "OPTIONS": {
            "words": [
                *("crazycharlyday", "crazycharly", "crazy", "charly", "charlemagne", "ccd"),
                *("nancy", "lorraine", "iut", "université", "universite", "hackathon"),
                *("organisation", "organisateur", "organisatrice", "équipe", "equipe", "jury"),
                *("étudiant", "etudiant", "admin", "administrateur", "motdepasse", "password"),
            ]
        },
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:start"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "hackathon.base.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "hackathon.base.accounts.university.adapter.UniversityAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "hackathon.base.accounts.forms.SignInForm",
    "confirm_login_code": "hackathon.base.accounts.forms.LoginCodeForm",
    "confirm_email_verification_code": "hackathon.base.accounts.forms.VerificationCodeForm",
    "confirm_password_reset_code": "hackathon.base.accounts.forms.ResetCodeForm",
    "reset_password": "hackathon.base.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "hackathon.base.accounts.forms.NewPasswordForm",
    "set_password": "hackathon.base.accounts.forms.FirstPasswordForm",
    "change_password": "hackathon.base.accounts.forms.OtherPasswordForm",
    "reauthenticate": "hackathon.base.accounts.second_factor_forms.PasswordProofForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "hackathon.base.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks of telephones: 30 s
MFA_FORMS = {
    "authenticate": "hackathon.base.accounts.second_factor_forms.AuthenticateForm",
    "reauthenticate": "hackathon.base.accounts.second_factor_forms.ProofForm",
    "activate_totp": "hackathon.base.accounts.second_factor_forms.ActivateForm",
    "add_webauthn": "hackathon.base.accounts.second_factor_forms.AddKeyForm",
    "authenticate_webauthn": "hackathon.base.accounts.second_factor_forms.GiveKeyForm",
    "reauthenticate_webauthn": "hackathon.base.accounts.second_factor_forms.ProofByKeyForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail may be slow on the network of the school
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
# Eight digits: easy to type on a phone, and too many to guess in the allowed attempts.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
# Of one account, by a browser that has signed in before, or from one network; `_everywhere`: from
# all networks together (`accounts.attempts`).
ACCOUNT_RATE_LIMITS = {
    "change_password": "5/m/user",
    "login": False,
    "login_failed": "10/5m/key",
    "login_failed_everywhere": "50/5m/key",
    "signup": False,
    "confirm_email": "3/3m/key",
    "request_login_code": "5/5m/key",
    "request_login_code_everywhere": "8/5m/key",
    "mail_entry_code": "1/10m/key",
    "request_reset_code": "5/5m/key",  # counted by `ForgottenPasswordForm`
    "request_reset_code_everywhere": "8/5m/key",
    "setup_code": "10/5m/key",  # counted by `hackathon.event.setup.views.installation`
    "reset_password": False,
    "reset_password_from_key": False,
    "manage_email": "10/m/user",
    "change_address": "5/15m/user",  # counted by `AddressForm`
    "change_profile": "20/10m/user",  # counted by `ProfileForm` and `PhoneForm`
    "show_entry_code": "10/10m/user",  # counted by `accounts.views.other_device`
    "subscribe_device": "20/10m/user",  # counted by `push.views.subscribe`
    "reauthenticate": "10/m/user",
}

# ---------------------------------------------------------------- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hackathon.base.accounts.tokens.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "hackathon.base.core.parsers.ShallowJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "hackathon.base.core.schema.Description",
    "DEFAULT_THROTTLE_RATES": {"token": "600/min"},
    "ALLOWED_VERSIONS": ["v1"],  # of `/api/schema/?version=`, which is in a header of the answer
    "EXCEPTION_HANDLER": "hackathon.base.core.problems.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hackathon",
    "VERSION": "2.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hackathon.base.core.schema.describe_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DeliverableKindEnum": "submissions.enums.DeliverableKind",
        "EditionStateEnum": "hackathon.event.editions.enums.EditionState",
        "HelpKindEnum": "teams.enums.HelpKind",
        "HelpStateEnum": "teams.enums.HelpState",
        "JurorKindEnum": "judging.enums.JurorKind",
        "MilestoneKindEnum": "hackathon.event.editions.enums.MilestoneKind",
        "NewMilestoneKindEnum": "hackathon.event.editions.enums.STORED_MILESTONES",
        "ProgressStateEnum": "submissions.enums.ProgressState",
        "QuestionStateEnum": "hackathon.day.questions.enums.QuestionState",
        "ReadingStateEnum": ["final", "draft", "planned"],
        "SheetStateEnum": "judging.enums.SheetState",
    },
}

# Which processes (`CCD_PROCESS`) need a secret; the others start and work without it. Each may also
# stand in the file that NAME_FILE names. `live` asks the store only whether it answers. `worker`
# makes backups, which contain all secrets.
EVERYONE = ("prepare", "web", "live", "uploads", "mail", "worker", "beat", "metrics", "backup")
SECRETS = {
    "CCD_SECRET_KEY": ("prepare", "web", "live", "uploads", "worker", "backup"),
    "CCD_FORMER_SECRET_KEYS": ("web", "live", "uploads", "worker", "backup"),
    "CCD_PUSH_SECRET": ("web", "worker", "backup"),
    "CCD_DATABASE_PASSWORD": EVERYONE,
    "CCD_SMTP_PASSWORD": ("web", "mail", "worker", "backup"),  # web: the mail of a trial
    "CCD_OIDC_CLIENT_SECRET": ("web", "worker", "backup"),
    "CCD_S3_SECRET_KEY": ("web", "live", "uploads", "worker", "backup"),
    "CCD_SENTRY_DSN": EVERYONE,
}
