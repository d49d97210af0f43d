"""Customers and their contacts from a list: a row is a customer, or one more contact of the customer above."""

import re
from collections.abc import Callable, Mapping

from conversations.words import N_, said
from handlers.imports.indicators import YES_OR_NO
from handlers.imports.lists import Columns, Entry, Plan, RefusedError
from handlers.imports.tables import nearest
from storage.bulk import all_of, put_all
from storage.customers import Contact, Customer
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork

COLUMNS: Columns = {
    "code": ("客户代码", "顾客代码", "客户编号", "顾客编号", "代码", "编号", "code", "customer code", "id"),
    "name": ("客户名称", "顾客名称", "客户", "顾客", "名称", "公司名称", "单位名称", "name", "customer",
             "customer name"),
    "short": ("简称", "客户简称", "顾客简称", "short", "short name"),
    "customer_class": ("等级", "客户等级", "顾客等级", "级别", "类别", "class", "grade"),
    "kind": ("类型", "客户类型", "顾客类型", "性质", "kind", "type"),
    "language": ("语言", "language"),
    "automotive": ("汽车客户", "是否汽车", "汽车", "automotive"),
    "owner_sales_id": ("业务员", "销售", "销售负责人", "负责业务员", "sales", "sales rep"),
    "service_engineer_id": ("服务工程师", "客服工程师", "客户服务工程师", "service engineer", "service"),
    "address": ("地址", "客户地址", "公司地址", "通讯地址", "address"),
    "phone": ("电话", "客户电话", "公司电话", "总机", "phone", "tel"),
    "contact": ("联系人", "联系人姓名", "客户联系人", "用户代表", "contact", "contact name"),
    "contact.post": ("联系人职务", "职务", "岗位", "contact post", "position"),
    "contact.phone": ("联系人电话", "联系电话", "手机", "手机号", "手机号码", "mobile", "contact phone"),
    "contact.email": ("邮箱", "电子邮箱", "电子邮件", "联系人邮箱", "email", "e-mail"),
    "contact.business_relation": ("业务关系", "business relation"),
}  # fmt: skip
"""What the columns may be called; a name is enough, and a code where there is one."""

LANGUAGES = {
    "中文": "zh",
    "汉语": "zh",
    "zh": "zh",
    "chinese": "zh",
    "英文": "en",
    "英语": "en",
    "en": "en",
    "english": "en",
}
PHONE = re.compile(r"[0-9+][0-9 ()\-/,;、]{4,40}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}")
LONGEST = 200


class CustomerList:
    """Takes rows in, against the customers there are."""

    columns = COLUMNS
    needed = ("name",)

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._customers = {row.code: row for row in all_of(uow.session, Customer)}
        self._codes = {row.name.casefold(): row.code for row in self._customers.values()}
        self._contacts = {(row.customer, row.name): row for row in all_of(uow.session, Contact)}
        self._people = {person.name: person.id for person in all_of(uow.session, Person) if person.active}
        self._seen: dict[str, tuple[int, Mapping[str, object]]] = {}
        self._above = ""
        self._new: tuple[list[Customer], list[Contact]] = ([], [])

    def take(self, entry: Entry, *, dry_run: bool) -> Plan | None:
        """A customer, its contact, or both; blank cells leave what is there as it is."""
        values, fields = entry.values, self._fields(entry.values)
        code = self._code(values, dry_run=dry_run)
        self._above = code
        self._refuse_other(code, fields, entry.row)
        row = self._customers.get(code)
        changes = differing(row, fields)
        if row is None:
            row = self._customers[code] = Customer(code=code, **fields)  # type: ignore[arg-type]  # read by column
            self._codes[row.name.casefold()] = code
            self._new[0].append(row)
            new = True
        else:
            new = False
            put(row, fields, dry_run=dry_run)
        changes += self._contact(code, values, dry_run=dry_run)
        return Plan(f"{code} {row.name}", new, tuple(changes)) if changes else None

    def keep(self) -> None:
        """Write what is new: customers before those who work there."""
        for rows in self._new:
            put_all(self._uow.session, rows)

    def _code(self, values: Mapping[str, str], *, dry_run: bool) -> str:
        code, name = values.get("code", ""), values.get("name", "")
        if not code and not name:
            if values.get("contact") and self._above:
                return self._above  # a merged cell: one more contact of the customer above
            raise RefusedError(said(N_("neither code nor name of the customer is given")))
        owner = self._codes.get(name.casefold()) if name else None
        if code and owner not in (None, code):
            raise RefusedError(said(N_("“{name}” is the name of customer {code} already"), name=name, code=owner or ""))
        if code in self._customers or owner:
            return code or owner or ""
        if not name:
            raise RefusedError(said(N_("a new customer needs a name")))
        if code:
            return code
        return f"N?{len(self._customers)}" if dry_run else f"N{self._uow.numbers.next('customer'):03}"

    def _fields(self, values: Mapping[str, str]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, text in values.items():
            if text and key in READ:
                found[key] = READ[key](text)
            elif text and key in ("owner_sales_id", "service_engineer_id"):
                if text not in self._people:
                    near = nearest(text, list(self._people))
                    raise RefusedError(said(N_("nobody here is called “{name}”{near}"), name=text[:40], near=near))
                found[key] = self._people[text]
        return found

    def _refuse_other(self, code: str, fields: Mapping[str, object], row: int) -> None:
        """The same customer twice in the file is one; with other data, nobody can say which holds."""
        if code not in self._seen:
            self._seen[code] = row, fields
            return
        first, before = self._seen[code]
        if any(before.get(key, value) != value for key, value in fields.items()):
            raise RefusedError(said(N_("this stands in row {row} already, with other data"), row=first))

    def _contact(self, code: str, values: Mapping[str, str], *, dry_run: bool) -> list[tuple[str, str, str]]:
        name = values.get("contact", "")
        if not name:
            return []
        given = {key.partition(".")[2]: text for key, text in values.items() if key.startswith("contact.") and text}
        fields = {key: READ[key](text) if key in READ else text[:LONGEST] for key, text in given.items()}
        row = self._contacts.get((code, name))
        changes = differing(row, fields)
        if row is None:
            row = self._contacts[code, name] = Contact(customer=code, name=name, **fields)  # type: ignore[arg-type]
            self._new[1].append(row)
            changes = [("contact", "", name), *changes]
        else:
            put(row, fields, dry_run=dry_run)
        return changes


def language(text: str) -> str:
    """The key of a language. Raises RefusedError."""
    if text.casefold() not in LANGUAGES:
        raise RefusedError(said(N_("“{text}” is no language we speak: 中文 or English"), text=text[:40]))
    return LANGUAGES[text.casefold()]


def phone(text: str) -> str:
    """A telephone number as it was written."""
    if not PHONE.fullmatch(text):
        raise RefusedError(said(N_("“{text}” is no telephone number"), text=text[:40]))
    return text


def email(text: str) -> str:
    """An address for e-mail."""
    if not EMAIL.fullmatch(text):
        raise RefusedError(said(N_("“{text}” is no e-mail address"), text=text[:40]))
    return text


def plain(text: str) -> str:
    """Any text that is not a book."""
    if len(text) > LONGEST:
        raise RefusedError(said(N_("a text is longer than {most} characters"), most=LONGEST))
    return text


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in YES_OR_NO:
        raise RefusedError(said(N_("“{text}” is neither yes nor no"), text=text[:40]))
    return YES_OR_NO[text.casefold()] == "yes"


READ: Mapping[str, Callable[[str], object]] = {
    "name": plain, "short": plain, "customer_class": plain, "kind": plain, "address": plain, "language": language,
    "automotive": _yes_or_no, "phone": phone, "email": email,
}  # fmt: skip


def differing(row: object | None, fields: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Each field that would be another, with what it is and what it would be."""
    pairs = ((key, getattr(row, key) if row is not None else "", value) for key, value in fields.items())
    return [(key, _shown(old), _shown(new)) for key, old, new in pairs if old != new]


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def put(row: object, fields: Mapping[str, object], *, dry_run: bool) -> None:
    """Set what differs, in earnest."""
    for key, value in fields.items():
        if not dry_run and getattr(row, key) != value:
            setattr(row, key, value)
