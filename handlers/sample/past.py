"""Reading the file of the sample company's past."""

import tomllib
from importlib import resources
from zoneinfo import ZoneInfo

from handlers.sample.course import Corrective, Course, Looks, Past, Remedy, Triple

ZONE = ZoneInfo("Asia/Shanghai")
"""Where the sample company is, whatever zone this installation is set to."""


def read_past() -> Past:
    """Read ``history.toml``."""
    file = tomllib.loads((resources.files("handlers.sample") / "history.toml").read_text(encoding="utf-8"))
    looks = (
        Looks(**{**item, "products": tuple(item["products"]), "quantities": tuple(item["quantities"])})
        for item in file["defects"]
    )
    told = (
        Course(
            **{
                **item,
                "remedies": tuple(Remedy(**remedy) for remedy in item["remedies"]),
                "corrective": Corrective(**item["corrective"]) if "corrective" in item else None,
            }
        )
        for item in file["cases"]
    )
    return Past(
        cases_from=file["cases_from"],
        months=file["months"],
        weights=file["weights"],
        given={month: tuple(map(_triple, lines)) for month, lines in file["given"].items()},
        told=tuple(told),
        looks={look.code: look for look in looks},
    )


def _triple(line: str) -> Triple:
    customer, product, defect = line.split()
    return customer, product, defect
