"""The monthly summary in both languages: drawn in the page's, and at once in the other one behind it."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.editions import drawer
from handlers.company import Company
from handlers.summaries import Draw, Edition
from storage.database import Database
from storage.files import store
from storage.unit_of_work import UnitOfWork

KEPT = "demo.editions"
OTHER = {"zh": "en", "en": "zh"}

log = structlog.stdlib.get_logger("bot.demo")


def bilingual(database: Database, company: Company, files: Path) -> Draw:
    """What the stage draws with: the edition it is asked for, and soon the same in the other language."""
    own = drawer(database, company)
    other = replace(company, language=OTHER[company.language])

    def draw(month: str, cut_off: datetime) -> Edition:
        edition = own(month, cut_off)
        _keep(database, files, edition, (month, company.language))
        threading.Thread(target=translate, args=(month, cut_off), daemon=True, name="other-language").start()
        return edition

    def translate(month: str, cut_off: datetime) -> None:
        try:
            edition = drawer(database, other)(month, cut_off)
            _keep(database, files, edition, (month, other.language))
        except Exception:  # the page then shows the language there is; a demo that ends meanwhile is no fault
            log.info("the other language was not drawn", exc_info=True)

    return draw


def swaps(uow: UnitOfWork, language: str) -> Mapping[str, str]:
    """Texts and pictures of summaries in another language, and what stands for each in this one."""
    kept: Any = uow.state.get(KEPT) or {}
    found: dict[str, str] = {}
    for editions in kept.values():
        theirs, ours = editions.get(OTHER[language]), editions.get(language)
        if theirs and ours:
            found.update(zip(theirs, ours, strict=False))
    return found


def _keep(database: Database, files: Path, edition: Edition, which: tuple[str, str]) -> None:
    """Remember text and pictures in their order, so that each has its twin in the other language."""
    month, language = which
    for picture in (*edition.pictures, *edition.stamped):
        store(files, picture)
    listed = [edition.text, *(hashlib.sha256(p).hexdigest() for p in (*edition.pictures, *edition.stamped))]

    def remember(uow: UnitOfWork) -> None:
        kept: Any = uow.state.get(KEPT) or {}
        uow.state.put(KEPT, {**kept, month: {**kept.get(month, {}), language: listed}})

    database.do(remember)
