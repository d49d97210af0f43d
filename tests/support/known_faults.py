"""Known vulnerabilities of what is pinned, asked of pip-audit; where nobody can be asked, that is said and is no pass.

``make audit`` runs it. pip-audit gets an environment of its own: it is no part of the product.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PLACE = Path(os.environ.get("VENV", HOUSE / ".venv")).absolute() / "audit"
NOT_ASKED = 75
UNREACHED = ("ConnectionError", "Max retries", "NameResolution", "ServiceError", "Connection refused", "timed out",
             "No matching distribution", "ProxyError", "SSLError", "403 Client Error", "404 Client Error",
             "Network is unreachable")  # fmt: skip


def told(why: str) -> int:
    """Say that it was not audited."""
    sys.stderr.write(f"NOT AUDITED: {why}\nRun `make audit` where the vulnerability service can be reached.\n")
    return NOT_ASKED


def ready() -> Path:
    """pip-audit in a place of its own."""
    program = PLACE / "bin" / "pip-audit"
    if not program.exists():
        venv.create(PLACE, with_pip=True)
        pip = [str(PLACE / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "pip-audit"]
        subprocess.run(pip, check=True, capture_output=True, text=True, timeout=300)
    return program


def audit() -> int:
    """0: nothing is known; 1: something is; 75: nobody could be asked."""
    try:
        words = [str(ready()), "--requirement", str(HOUSE / "requirements.lock"), "--disable-pip", "--require-hashes"]
        asked = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.CalledProcessError as error:
        return told(f"pip-audit could not be installed: {str(error.stderr).strip().splitlines()[-1:]}")
    except subprocess.TimeoutExpired:
        return told("it took too long; the network does not answer.")
    unasked = asked.stdout.count("could not be audited")
    if unasked:
        return told(f"of {unasked} parts nothing is known where pip-audit asks from here (no network but a mirror).")
    sys.stdout.write(asked.stdout)
    if asked.returncode and not asked.stdout.strip() and any(word in asked.stderr for word in UNREACHED):
        return told("the vulnerability service cannot be reached from here (no network).")
    sys.stderr.write(asked.stderr)
    return asked.returncode


if __name__ == "__main__":
    sys.exit(audit())
