"""An organisation in and out: what a file would change, changing it, and writing it out again."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from conversations.words import N_, Said, said
from handlers.imports.organisation_model import Organisation, OrganisationError
from handlers.imports.organisation_plain import SECTIONS, Plain, flat, merged, plain
from handlers.imports.organisation_rows import stored
from handlers.imports.organisation_toml import read_organisation
from handlers.imports.organisation_write import write
from storage.unit_of_work import UnitOfWork

__all__ = ["Change", "Organisation", "OrganisationError", "apply", "diff", "export", "read_organisation", "sample"]

LABELS = {
    "departments": N_("Department"),
    "people": N_("Person"),
    "groups": N_("Group"),
    "customers": N_("Customer"),
    "products": N_("Product"),
    "defects": N_("Defect"),
    "duty": N_("On duty"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import changes: of whom, which key, from what to what.

    An empty key means that all of it is new; None stands for what is not there.
    """

    section: str
    name: str
    key: str = ""
    before: object = None
    after: object = None

    def __str__(self) -> str:
        """Say the change in one line of English, keys as the file has them."""
        if not self.key:
            return f"{self.section}[{self.name}]: new"
        return f"{self.section}[{self.name}].{self.key}: {_shown(self.before)} -> {_shown(self.after)}"

    def said(self) -> Said:
        """Say the change in one line."""
        section = said(LABELS[self.section])
        if not self.key:
            return said(N_("{section} {name}: new"), section=section, name=self.name)
        return said(
            N_("{section} {name}: {key} from {before} to {after}"),
            section=section,
            name=self.name,
            key=self.key,
            before=_shown(self.before),
            after=_shown(self.after),
        )


def sample() -> Organisation:
    """Give the sample company, in which everybody and everything is invented."""
    company = resources.files("handlers.sample") / "company.toml"
    return read_organisation(company.read_text(encoding="utf-8"))


def export(uow: UnitOfWork) -> Plain:
    """Give the whole stored organisation in the shape that an import reads; importing it changes nothing."""
    return plain(stored(uow.session))


def diff(uow: UnitOfWork, organisation: Organisation) -> tuple[Change, ...]:
    """Say what importing an organisation would change; nothing is changed."""
    before = stored(uow.session)
    return tuple(_changes(before, merged(before, organisation)))


def apply(uow: UnitOfWork, organisation: Organisation, by: str = "") -> tuple[Change, ...]:
    """Store an organisation, write down who did it, and say what has changed.

    Nobody and nothing is deleted, for cases tell of them: see ``merged``.
    """
    before = stored(uow.session)
    after = merged(before, organisation)
    changes = tuple(_changes(before, after))
    if changes:
        write(uow.session, after)
        lines = [[change.section, change.name, change.key, change.before, change.after] for change in changes]
        uow.audit.write("organisation", "import", actor=by, data={"changes": lines})
    return changes


def _changes(before: Organisation, after: Organisation) -> Iterator[Change]:
    for section in SECTIONS:
        old, new = flat(before, section), flat(after, section)
        for name, values in new.items():
            if name not in old:
                yield Change(section, name)
                continue
            for key in dict.fromkeys((*old[name], *values)):
                if old[name].get(key) != values.get(key):
                    yield Change(section, name, key, old[name].get(key), values.get(key))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)
