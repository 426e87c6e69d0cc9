"""What may lie in the repository: how long and how large files are, and what they are called."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from local.layout import ROOT

MOST_LINES = 300
MOST_BYTES = 300_000
GENERATED = ("docs/openapi/", "docs/asyncapi.yaml", "requirements.lock", "deploy/locks/")

# One vocabulary of file names under services/ (see ARCHITECTURE.md).
OF_A_SERVICE = {"__init__", "__main__", "app", "settings", "dependencies"}
OF_A_FEATURE = {
    "__init__", "rules", "state", "commands", "errors", "store", "queries", "service", "api",
    "views", "pages", "reactions", "jobs",
}  # fmt: skip
OF_AN_AREA = {"__init__", "area", "dependencies"}
# Beside these, one pure algorithm or one adapter each, named by a plain noun of the field.
NOUNS = {
    "applications/entries/codes",
    "events/admission/recordings/consent",
    "events/admission/scans/presented",
    "events/admission/tickets/signature",
    "events/booking/billing/reference",
    "events/booking/billing/vietqr",
    "events/courses/certificates/certificate_number",
    "events/printing/dates",
    "events/printing/pdf",
    "events/programme/sessions/hosts",
    "events/programme/venue_settings/opening_hours",
    "events/programme/venue_settings/travel",
    "events/reporting/exports/spreadsheets",
    "events/scheduling/schedule_releases/notices",
    "events/scheduling/warnings/intervals",
    "events/scheduling/warnings/wording",
    "notifications/email/icalendar_file",
    "notifications/email/mime",
    "notifications/email/smtp",
    "notifications/messages/receipts",
    "notifications/messages/template_data",
    "notifications/sms/segments",
    "notifications/sms/smpp",
    "notifications/templates/liquid_templates",
    "registry/people/contact",
    "registry/sign_in/access_token",
}


def complaints(root: Path = ROOT) -> list[str]:
    """What is wrong with the files that git tracks, a line each."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    files = [path for path in listed.stdout.split("\0") if path and (root / path).is_file()]
    return [*too_long(root, files), *too_large(root, files), *strange_names(files)]


def too_long(root: Path, files: Iterable[str]) -> list[str]:
    found = []
    for path in files:
        if path.endswith(".py"):
            lines = (root / path).read_bytes().count(b"\n")
            if lines > MOST_LINES:
                found.append(f"{path}: {lines} lines, more than {MOST_LINES}")
    return found


def too_large(root: Path, files: Iterable[str]) -> list[str]:
    """A dump or a data set that was added by mistake; what is generated may be large."""
    found = []
    for path in files:
        size = (root / path).stat().st_size
        if size > MOST_BYTES and not path.startswith(GENERATED):
            found.append(f"{path}: {size} bytes, more than {MOST_BYTES}")
    return found


def strange_names(files: Iterable[str]) -> list[str]:
    """Python files of services whose name is not in the vocabulary; nouns that name no file."""
    modules = [
        path.removeprefix("services/").removesuffix(".py")
        for path in files
        if path.startswith("services/") and path.endswith(".py")
    ]
    strange = [
        f"services/{module}.py: not in the vocabulary of file names (local/tree.py)"
        for module in modules
        if module not in NOUNS and not _usual(module)
    ]
    gone = [f"local/tree.py: there is no services/{noun}.py" for noun in NOUNS - set(modules)]
    return strange + sorted(gone)


def _usual(module: str) -> bool:
    *folders, name = module.split("/")
    if len(folders) < 2:  # services/ itself, or a service
        return name in OF_A_SERVICE
    return name in OF_A_FEATURE | OF_AN_AREA
