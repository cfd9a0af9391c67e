"""
What people call each setting, for the pages that show them.

The sentence of the declaration explains; this is the name beside the value. A setting
without one here, such as a project's own, goes by that sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.core.conf import Declared

TITLES: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "JTSEC_ACCESS_VIEWS": _("Rights of views that cannot be decorated"),
        "JTSEC_ACCESS_PROPAGATION_DEPTH": _("Depth of propagation"),
        "JTSEC_ACCESS_BINDING_ADDRESS_ALONE": _(
            "Binding a terminal by its network alone"
        ),
        "JTSEC_ACCESS_DJANGO_PERMISSIONS": _("Rights in Django's own tables count"),
        "JTSEC_ACCESS_GRANT_LEVELS": _("Up to where rights are granted"),
        "JTSEC_ACCESS_POSTS": _("Further posts"),
        "JTSEC_ACCESS_FILES_ACCEL": _("Internal address of uploads"),
        "JTSEC_ACCOUNTS_UNUSED_DAYS": _("Days until an unused account is suspended"),
        "JTSEC_ACCOUNTS_REVIEW_DAYS": _("Days for a review of accounts"),
        "JTSEC_APPROVALS_ACTS": _("Acts that need an application"),
        "JTSEC_APPROVALS_DEADLINE_DAYS": _("Days an application may wait"),
        "JTSEC_APPROVALS_DELEGATION_DAYS": _("Days of standing in"),
        "JTSEC_AUDIT_RETENTION_DAYS": _("Days the log is kept"),
        "JTSEC_AUDIT_ANCHORS": _("Anchors outside of the database"),
        "JTSEC_AUDIT_MODELS": _("Models that are audited in full"),
        "JTSEC_AUDIT_SENSITIVE_FIELDS": _("Fields encrypted in the audit"),
        "JTSEC_AUDIT_ALARM_RESPOND_MINUTES": _("Minutes until an alarm is overdue"),
        "JTSEC_AUDIT_ALARM_EVENTS_KEPT": _("Events an alarm names"),
        "JTSEC_AUDIT_ALARM_OPEN_PER_RULE": _("Open alarms of one rule"),
        "JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS": _("Mail receivers of alarms"),
        "JTSEC_AUDIT_ALARM_SYSLOG": _("Syslog receivers of alarms"),
        "JTSEC_AUDIT_ALARM_WEBHOOKS": _("Web receivers of alarms"),
        "JTSEC_AUDIT_ALARM_WEBHOOK_NETWORKS": _("Networks of the web receivers"),
        "JTSEC_AUDIT_ALARM_WEBHOOK_CA": _("Certificates of the web receivers"),
        "JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS": _("Seconds to send an alarm"),
        "JTSEC_AUDIT_ALARM_RETRY_SECONDS": _("Seconds until an alarm is sent again"),
        "JTSEC_AUDIT_ALARM_GIVE_UP_HOURS": _("Hours until a message is given up"),
        "JTSEC_AUDIT_ARCHIVE_DIRECTORY": _("Folder of the archive"),
        "JTSEC_AUDIT_ARCHIVE_SEGMENT_ROWS": _("Events of an archived segment"),
        "JTSEC_AUDIT_ATTACK_SECONDS": _("Seconds between events of one attack"),
        "JTSEC_AUDIT_ATTACK_SOURCES": _("Sources of an attack told apart"),
        "JTSEC_AUDIT_ATTACK_FLOOD": _("Refused requests that are a flood"),
        "JTSEC_AUDIT_EXPORT_SYSTEM_ID": _("Identifier at the audit platform"),
        "JTSEC_AUDIT_EXPORT_FORMAT": _("Form of the export"),
        "JTSEC_AUDIT_EXPORT_REQUESTER": _("Requester in the interface log"),
        "JTSEC_AUDIT_EXPORT_OPERATIONS": _("Operations that differ from the usual"),
        "JTSEC_AUDIT_EXPORT_ERROR_CODES": _("Error codes of the platform"),
        "JTSEC_AUDIT_EXPORT_INTERFACE_CODES": _("Events of interface services"),
        "JTSEC_AUDIT_EXPORT_LEAVE_OUT": _("Events that are not handed over"),
        "JTSEC_AUDIT_EXPORT_SENDER": _("Sender of the export"),
        "JTSEC_AUDIT_EXPORT_URL": _("Address of the audit platform"),
        "JTSEC_AUDIT_EXPORT_RECEIVERS": _("Hosts that may be sent to"),
        "JTSEC_AUDIT_EXPORT_NAMESPACE": _("Namespace of the export"),
        "JTSEC_AUDIT_EXPORT_SECRET_FILE": _("File with the platform's secret"),
        "JTSEC_AUDIT_EXPORT_TIMEOUT_SECONDS": _("Seconds to wait for the platform"),
        "JTSEC_AUDIT_EXPORT_BATCH_ROWS": _("Events of a batch"),
        "JTSEC_AUDIT_EXPORT_BATCH_BYTES": _("Bytes of a batch"),
        "JTSEC_AUDIT_EXPORT_RETRY_SECONDS": _("Seconds until a batch is sent again"),
        "JTSEC_AUDIT_EXPORT_RETRY_LIMIT_SECONDS": _("Longest wait between two batches"),
        "JTSEC_AUDIT_QUERY_PAGE_ROWS": _("Events on a page"),
        "JTSEC_AUDIT_QUERY_PAGE_MILLISECONDS": _("Milliseconds for a page"),
        "JTSEC_AUDIT_QUERY_SEARCH_ROWS": _("Details that a search opens"),
        "JTSEC_AUDIT_QUERY_SEARCH_MILLISECONDS": _(
            "Milliseconds for a search of details"
        ),
        "JTSEC_AUDIT_QUERY_EXPORT_ROWS": _("Rows of an export"),
        "JTSEC_AUDIT_QUERY_STATISTICS_DAYS": _("Days of a statistic"),
        "JTSEC_AUDIT_RULES_SECONDS": _("Seconds between two looks for alarms"),
        "JTSEC_AUDIT_RULES_BATCH": _("Events of one look"),
        "JTSEC_AUDIT_RULES_HIGH_FREQUENCY_EVENTS": _("Events in a short time"),
        "JTSEC_AUDIT_RULES_HIGH_FREQUENCY_SECONDS": _(
            "Length of the short time in seconds"
        ),
        "JTSEC_AUDIT_RULES_HIGH_FREQUENCY_HOURLY": _("Events in an hour"),
        "JTSEC_AUDIT_RULES_OUT_OF_HOURS_TIMES": _("Office hours"),
        "JTSEC_AUDIT_RULES_OUT_OF_HOURS_WEEKDAYS": _("Working days"),
        "JTSEC_AUDIT_RULES_OUT_OF_HOURS_EVENTS": _("Events out of hours"),
        "JTSEC_AUDIT_RULES_HOLIDAYS": _("Further holidays"),
        "JTSEC_AUDIT_RULES_WORKDAYS": _("Further working days"),
        "JTSEC_AUDIT_RULES_DORMANT_ACCOUNT_DAYS": _("Days until an account is dormant"),
        "JTSEC_AUDIT_RULES_MANY_PLACES_ADDRESSES": _("Addresses that are too many"),
        "JTSEC_AUDIT_RULES_MANY_PLACES_MINUTES": _(
            "Minutes in which addresses are counted"
        ),
        "JTSEC_AUDIT_RULES_UNUSUAL_BUSINESS_SCORE": _("Deviation that is unusual"),
        "JTSEC_AUDIT_RULES_UNUSUAL_BUSINESS_LEAST": _(
            "Events below which nothing is unusual"
        ),
        "JTSEC_AUDIT_RULES_UNUSUAL_BUSINESS_DAYS": _("Days of history that are needed"),
        "JTSEC_AUDIT_RULES_FAILED_INTEGRITY_CODES": _("Further events of altered data"),
        "JTSEC_AUDIT_RULES_CORE_FUNCTION_DAILY": _("Uses of a core function in a day"),
        "JTSEC_AUDIT_RULES_CORE_FUNCTION_DAYS": _(
            "Days until a core function is new again"
        ),
        "JTSEC_AUDIT_RULES_CORE_FUNCTION_EACH": _(
            "Alarm at each use of a core function"
        ),
        "JTSEC_AUDIT_RULES_CORE_FUNCTION_EVERYDAY": _("Core events that are everyday"),
        "JTSEC_AUDIT_SEAL_SECONDS": _("Seconds between two seals"),
        "JTSEC_AUDIT_SEAL_BATCH": _("Events of a seal"),
        "JTSEC_AUDIT_SEAL_LAG_SECONDS": _("Seconds an event may wait for its seal"),
        "JTSEC_AUDIT_SEAL_GAP_HOURS": _("Hours a number may be missing"),
        "JTSEC_AUDIT_VERIFY_UNSEALED_SECONDS": _(
            "Seconds without a seal that a verification tells"
        ),
        "JTSEC_AUDIT_VERIFY_LATE_HOURS": _("Hours of a late seal"),
        "JTSEC_AUTHENTICATION_PASSWORD_MIN_LENGTH": _("Length of a password"),
        "JTSEC_AUTHENTICATION_PASSWORD_HISTORY": _("Former passwords that are refused"),
        "JTSEC_AUTHENTICATION_PASSWORD_MIN_AGE_HOURS": _(
            "Hours until the next change of a password"
        ),
        "JTSEC_AUTHENTICATION_ARGON2_PROFILE": _("Cost of a password hash"),
        "JTSEC_AUTHENTICATION_HASHING_SLOTS": _("Password hashes at the same time"),
        "JTSEC_AUTHENTICATION_HASHING_WAIT_SECONDS": _(
            "Seconds a login waits for its turn"
        ),
        "JTSEC_AUTHENTICATION_USER_LIMIT": _("Failures until a user is locked"),
        "JTSEC_AUTHENTICATION_USER_WINDOW_MINUTES": _(
            "Minutes in which a user's failures add up"
        ),
        "JTSEC_AUTHENTICATION_USER_LOCK_MINUTES": _("Minutes a user stays locked"),
        "JTSEC_AUTHENTICATION_TERMINAL_LIMIT": _(
            "Failures until a terminal is blacklisted"
        ),
        "JTSEC_AUTHENTICATION_TERMINAL_WINDOW_MINUTES": _(
            "Minutes in which a terminal's failures add up"
        ),
        "JTSEC_AUTHENTICATION_TERMINAL_BLOCK_MINUTES": _(
            "Minutes a terminal stays blacklisted"
        ),
        "JTSEC_AUTHENTICATION_LIFT_DUTIES": _("Duties that may lift a lock"),
        "JTSEC_AUTHENTICATION_PASSWORD_MAX_DAYS": _("Days a password is valid"),
        "JTSEC_AUTHENTICATION_CHANGE_AT_FIRST_LOGIN": _(
            "Change of the password at the first login"
        ),
        "JTSEC_AUTHENTICATION_DORMANT_DAYS": _(
            "Days until an account must be activated again"
        ),
        "JTSEC_AUTHENTICATION_ACCOUNT_DUTIES": _("Duties that may change accounts"),
        "JTSEC_AUTHENTICATION_NOTICE_PAGE": _("Notice page after each login"),
        "JTSEC_AUTHENTICATION_WARN_DAYS": _("Days of warning before something expires"),
        "JTSEC_ERRORS_RETENTION_DAYS": _("Days a sealed error is kept"),
        "JTSEC_ERRORS_SAME_PER_MINUTE": _("Same errors stored in a minute"),
        "JTSEC_ERRORS_ALL_PER_MINUTE": _("Errors stored in a minute"),
        "JTSEC_HEADERS_CONTENT_SECURITY_POLICY": _("Content security policy"),
        "JTSEC_HEADERS_PERMISSIONS_POLICY": _("Permissions policy"),
        "JTSEC_IDENTITY_MANAGER_DUTIES": _("Duties that may register people"),
        "JTSEC_IDENTITY_CHECKED_SEALS": _("Identities verified by the system check"),
        "JTSEC_KEYS_FILE": _("Key file"),
        "JTSEC_KEYS_PROVIDER": _("Holder of the keys"),
        "JTSEC_PKCS11_MODULE": _("PKCS#11 library"),
        "JTSEC_PKCS11_TOKEN": _("Token that locks the key file"),
        "JTSEC_PKCS11_KEY": _("Key of the token"),
        "JTSEC_PKCS11_PIN_SECRET": _("Secret that is the token's PIN"),
        "JTSEC_PAGES_SYSTEM_NAME": _("Name of the system"),
        "JTSEC_PAGES_ORGANISATION": _("Organisation that runs the system"),
        "JTSEC_PAGES_WARNING": _("Warning on the login page"),
        "JTSEC_PAGES_CONTACT": _("Whom to ask"),
        "JTSEC_PAGES_HOME": _("Page after the login notice"),
        "JTSEC_SECRETS_REVIEWED": _("Findings that are no secrets"),
        "JTSEC_SESSIONS_IDLE_MINUTES": _("Minutes until an idle session ends"),
        "JTSEC_SESSIONS_ABSOLUTE_HOURS": _("Hours until a session ends"),
        "JTSEC_SESSIONS_WARN_SECONDS": _("Seconds of warning before the end"),
        "JTSEC_SESSIONS_PER_USER": _("Sessions of one user"),
        "JTSEC_SESSIONS_WHEN_FULL": _("What happens beyond the user's number"),
        "JTSEC_SESSIONS_TOTAL": _("Sessions of all users"),
        "JTSEC_SESSIONS_ADMIN_RESERVE": _("Places kept for administrators"),
        "JTSEC_SESSIONS_KEPT_DAYS": _("Days an ended session is remembered"),
        "JTSEC_SESSIONS_CACHE_SECONDS": _("Seconds the cache is believed"),
        "JTSEC_SOURCE_TRUSTED_PROXIES": _("Trusted proxies"),
        "JTSEC_SOURCE_FORWARDED_HEADER": _("Header with the client's address"),
        "JTSEC_SOURCE_TERMINAL_HEADER": _("Header with the terminal's id"),
        "JTSEC_SOURCE_MAC_HEADER": _("Header with the terminal's MAC"),
        "JTSEC_SOURCE_CERTIFICATE_HEADER": _("Header with the client's certificate"),
        "JTSEC_VALIDATION_POLICE_NUMBER_PATTERN": _("Form of a police number"),
        "JTSEC_VALIDATION_EMPLOYEE_NUMBER_PATTERN": _("Form of an employee number"),
        "JTSEC_VALIDATION_FOREIGN_RESIDENT_IDS": _(
            "Numbers of foreign permanent residents"
        ),
        "JTSEC_HEADERS_CLEAR_SITE_DATA": _(
            "What a browser clears at the end of a session"
        ),
        "JTSEC_HEADERS_SENSITIVE_VIEWS": _("Views whose answers nothing may keep"),
        "JTSEC_MASKING_CLEAR_VIEWS_PER_HOUR": _("Rows seen in clear in an hour"),
        "JTSEC_MASKING_EXPORT_ROWS": _("Rows of a masked export"),
        "JTSEC_PROTECTION_WATCH_SECONDS": _("Seconds between two looks at sealed rows"),
        "JTSEC_PROTECTION_WATCH_ROWS": _("Sealed rows of one look"),
        "JTSEC_RESIDUAL_FOLDER": _("Folder of temporary files"),
        "JTSEC_REST_SIGNATURE_SECONDS": _("Seconds a signed call may be off"),
        "JTSEC_REST_CLIENT_DAYS": _("Days a client's key is registered"),
        "JTSEC_REST_CALLS": _("Calls of one caller in a minute"),
        "JTSEC_REST_WARN_PERCENT": _("Percent of the calls that warns"),
        "JTSEC_REST_BODY_BYTES": _("Largest body of a call"),
        "JTSEC_REST_DEPTH": _("Depth of JSON"),
        "JTSEC_REST_ITEMS": _("Values of JSON"),
        "JTSEC_REST_SCHEMA_RIGHT": _("Right to the description of the interfaces"),
        "JTSEC_SECRETS_DATABASE_PASSWORD_DAYS": _(
            "Days a database's password is valid"
        ),
        "JTSEC_SECRETS_DBA_KEY_FILE": _("Public key of the database administrator"),
        "JTSEC_TRANSIENT_MINUTES": _("Minutes of a transient entry"),
        "JTSEC_TRANSIENT_LARGEST_BYTES": _("Bytes of a transient entry"),
        "JTSEC_VALIDATION_VIN_CHECK_CHARACTER": _("Check character of a VIN"),
        "JTSEC_KEYS_WARN_AFTER": _("Encryptions until a rotation is asked for"),
    }
)


def title_of(item: Declared) -> str:
    """Return what people call a setting."""
    return str(TITLES.get(item.name, item.spec.doc))
