"""What the product is made of: a CycloneDX list of every installed part, with versions, licences and hashes.

``python -m tests.support.sbom`` prints it; ``make sbom`` writes it into dist/, where it is not committed.
"""

import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PRODUCT = "gukebot"
LOCK = Path(__file__).parents[2] / "requirements.lock"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")
HASH = re.compile(r"--hash=sha256:(?P<hash>[0-9a-f]{64})")
EXTRAS = ("postgres",)
"""What an installation may have besides; the parts of the tests are no parts of the product."""


def needed(found: Distribution, extras: tuple[str, ...]) -> Iterator[Requirement]:
    """What a part needs on this machine."""
    for text in found.requires or ():
        wanted = Requirement(text)
        marks = [{"extra": extra} for extra in ("", *extras)]
        if wanted.marker is None or any(wanted.marker.evaluate(mark) for mark in marks):
            yield wanted


def parts() -> dict[str, tuple[Distribution, list[str]]]:
    """Every part of the product by its name, and the names of what each needs."""
    found: dict[str, tuple[Distribution, list[str]]] = {}
    left: list[tuple[str, tuple[str, ...]]] = [(PRODUCT, EXTRAS)]
    while left:
        name, extras = left.pop()
        try:
            part = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed here
        wanted = list(needed(part, extras))
        before = found.get(name, (part, []))[1]
        after = sorted({*before, *(canonicalize_name(each.name) for each in wanted)})
        if name not in found or after != before:
            found[name] = (part, after)
            left += [(canonicalize_name(each.name), tuple(each.extras)) for each in wanted]
    return found


def locked() -> Mapping[tuple[str, str], list[str]]:
    """What requirements.lock pins: name and version -> hashes. Several versions of one are for several Pythons."""
    pins: dict[tuple[str, str], list[str]] = {}
    last: list[str] = []
    for line in LOCK.read_text("utf-8").splitlines():
        if pin := PIN.match(line):
            last = pins[canonicalize_name(pin["name"]), pin["version"]] = []
        elif found := HASH.search(line):
            last.append(found["hash"])
    return pins


def licence(part: Distribution) -> str:
    """The licence as the part says it itself."""
    told: Any = part.metadata
    short = str(told.get("License-Expression") or told.get("License") or "").strip()
    kinds = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or () if each.startswith("License ::")]
    return short if short and "\n" not in short and len(short) < 80 else ", ".join(kinds) or short.partition("\n")[0]


def component(name: str, part: Distribution) -> dict[str, Any]:
    """One part as CycloneDX has it."""
    ref = f"pkg:pypi/{name}@{part.version}"
    hashes = locked().get((name, part.version), [])
    said = licence(part)
    return {
        "type": "application" if name == PRODUCT else "library", "bom-ref": ref, "name": name, "version": part.version,
        "purl": ref, **({"licenses": [{"license": {"name": said}}]} if said else {}),
        **({"properties": [{"name": "gukebot:locked:sha256", "value": each} for each in hashes]} if hashes else {}),
    }  # fmt: skip


def bill() -> dict[str, Any]:
    """The whole list."""
    every = parts()
    refs = {name: f"pkg:pypi/{name}@{part.version}" for name, (part, _) in every.items()}
    made = [component(name, part) for name, (part, _) in sorted(every.items())]
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "metadata": {"timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
                     "component": next(each for each in made if each["name"] == PRODUCT)},
        "components": [each for each in made if each["name"] != PRODUCT],
        "dependencies": [{"ref": refs[name], "dependsOn": [refs[each] for each in needs if each in refs]}
                         for name, (_, needs) in sorted(every.items())],
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(), ensure_ascii=False, indent=1) + "\n")
