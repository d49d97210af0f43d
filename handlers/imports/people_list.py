"""People from a list: who works where and how platforms know them; roles and leads stay with organisation.toml."""

import re
from collections.abc import Callable, Mapping

from conversations.words import N_, said
from handlers.imports.customer_list import differing, email, language, plain, put
from handlers.imports.lists import Columns, Entry, Plan, RefusedError, day
from handlers.imports.tables import nearest
from storage.bulk import all_of, put_all
from storage.organisation import Department, DepartmentAlias, Person
from storage.unit_of_work import UnitOfWork

COLUMNS: Columns = {
    "name": ("姓名", "员工姓名", "人员", "name", "full name"),
    "department": ("部门", "所属部门", "部门名称", "department"),
    "post": ("岗位", "职务", "职位", "post", "position", "title"),
    "site": ("厂区", "工作地点", "地点", "site"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "email", "e-mail"),
    "slack_id": ("slack", "slack id", "slack账号"),
    "wecom_id": ("企业微信", "企业微信账号", "企微账号", "账号", "wecom", "wecom id", "userid"),
    "language": ("语言", "language"),
    "leave_from": ("请假开始", "休假开始", "请假起", "leave from"),
    "leave_to": ("请假结束", "休假结束", "请假止", "leave to"),
}
PLATFORM_ID = re.compile(r"[\w.@-]{1,64}", re.ASCII)
IDS = ("slack_id", "wecom_id")


class PeopleList:
    """Takes rows in, against the people there are."""

    columns = COLUMNS
    needed = ("name", "department")

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._people = {row.name: row for row in all_of(uow.session, Person)}
        self._departments: dict[str, str] = {}
        for row in all_of(uow.session, Department):
            self._departments.update({row.code.casefold(): row.code, row.name.casefold(): row.code})
        self._departments.update({row.alias.casefold(): row.department for row in all_of(uow.session, DepartmentAlias)})
        self._owners = {(key, getattr(row, key)): row.name for row in self._people.values() for key in IDS}
        self._new: list[Person] = []
        self._seen: dict[str, tuple[int, Mapping[str, object]]] = {}

    def take(self, entry: Entry, *, dry_run: bool) -> Plan | None:
        """A person that is new, or what differs; blank cells leave what is there as it is."""
        name = entry.values.get("name", "")
        if not name:
            raise RefusedError(said(N_("no name is given")))
        fields = self._fields(name, entry.values)
        first, before = self._seen.setdefault(name, (entry.row, fields))
        if any(before.get(key, value) != value for key, value in fields.items()):
            raise RefusedError(said(N_("this stands in row {row} already, with other data"), row=first))
        row = self._people.get(name)
        if row is None and "department" not in fields:
            raise RefusedError(said(N_("somebody new needs a department")))
        changes = differing(row, fields)
        new = row is None
        if row is None:
            row = self._people[name] = Person(name=name, **fields)  # type: ignore[arg-type]  # read by column
            self._new.append(row)
        else:
            put(row, fields, dry_run=dry_run)
        for key in IDS:
            self._owners[key, fields.get(key)] = name
        return Plan(name, new, tuple(changes)) if changes else None

    def keep(self) -> None:
        """Write those who are new."""
        put_all(self._uow.session, self._new)

    def _fields(self, name: str, values: Mapping[str, str]) -> dict[str, object]:
        found: dict[str, object] = {key: READ[key](text) for key, text in values.items() if text and key in READ}
        if said_department := values.get("department"):
            code = self._departments.get(said_department.casefold())
            if code is None:
                near = nearest(said_department, list(self._departments))
                raise RefusedError(
                    said(N_("there is no department “{name}”{near}"), name=said_department[:40], near=near)
                )
            found["department"] = code
        for key in IDS:
            owner = self._owners.get((key, found.get(key))) if key in found else None
            if owner not in (None, name):
                raise RefusedError(said(N_("“{id}” is the account of {name} already"), id=str(found[key]), name=owner))
        return found


def _account(text: str) -> str:
    if not PLATFORM_ID.fullmatch(text):
        raise RefusedError(said(N_("“{text}” is no account"), text=text[:40]))
    return text


READ: Mapping[str, Callable[[str], object]] = {
    "post": plain, "site": plain, "email": email, "language": language, "slack_id": _account, "wecom_id": _account,
    "leave_from": day, "leave_to": day,
}  # fmt: skip
