"""Who is on the phones: the company's people, its channels and its customers' contacts, with a line for strangers."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.words import N_, Said, people, said
from storage.unit_of_work import UnitOfWork

SELLER, LEAD, BUYER, CHANNEL = "程小满", "顾晓岚", "汪店长", "XS"

POSTS: Mapping[str, str] = {
    "贺振山": N_("He Zhenshan, general manager"),
    "陆明舟": N_("Lu Mingzhou, deputy general manager"),
    "邱铁成": N_("Qiu Tiecheng, head of dispatch"),
    "顾晓岚": N_("Gu Xiaolan, head of sales"),
    "程小满": N_("Cheng Xiaoman, sales representative"),
    "罗一帆": N_("Luo Yifan, sales representative"),
    "丁雨禾": N_("Ding Yuhe, sales office"),
    "石松涛": N_("Shi Songtao, service engineer"),
    "沈知衡": N_("Shen Zhiheng, head of quality"),
    "梁可欣": N_("Liang Kexin, quality engineer"),
    "韩立群": N_("Han Liqun, head of technology"),
    "江若川": N_("Jiang Ruochuan, project manager"),
    "方大勇": N_("Fang Dayong, head of production"),
    "姚锦程": N_("Yao Jincheng, head of purchasing"),
    "白素云": N_("Bai Suyun, head of finance"),
    "尹秋萍": N_("Yin Qiuping, head of the office"),
}
"""In English with the name in Latin letters; in Chinese the post alone, the name stands above it."""

ROOMS: Mapping[str, str] = {
    "XS": N_("Sales complaints channel"),
    "PB": N_("Quality complaints channel"),
    "JS": N_("Technology channel"),
    "SC": N_("Production channel"),
    "CG": N_("Purchasing channel"),
    "CW": N_("Finance channel"),
    "BG": N_("Office channel"),
    "AH": N_("Safety channel"),
    "ZJ": N_("Management channel"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """One phone or channel that can be looked at, and every address whose messages arrive there."""

    address: str
    name: str
    line: Said
    kind: str
    addresses: tuple[str, ...]
    person: str = ""
    roles: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """One character for the round picture."""
        return self.name[0]


def faces(uow: UnitOfWork) -> dict[str, Face]:
    """Everybody who can be looked at, by address, in the order of the lists."""
    found = [*_people(uow), *_channels(uow), *_contacts(uow)]
    return {face.address: face for face in found}


def _people(uow: UnitOfWork) -> list[Face]:
    return [
        Face(
            address=f"person:{person.id}",
            name=person.name,
            line=said(POSTS[person.name]) if person.name in POSTS else people(person.post),
            kind="person",
            addresses=(f"person:{person.id}", f"chat:person:{person.id}"),
            person=person.name,
            roles=tuple(person.roles),
        )
        for person in uow.organisation.people()
    ]


def _channels(uow: UnitOfWork) -> list[Face]:
    """One face for each channel; two departments that share a room are one."""
    rooms: dict[str, list[str]] = {}
    departments = sorted(uow.organisation.departments(), key=lambda row: [*ROOMS, row.code].index(row.code))
    for department in departments:
        rooms.setdefault(department.channel_name or department.name, []).append(department.code)
    return [
        Face(
            address=f"channel:{codes[0]}",
            name=name,
            line=said(ROOMS[codes[0]]) if codes[0] in ROOMS else people(name),
            kind="channel",
            addresses=tuple(f"channel:{code}" for code in codes),
            person=lead.name if (lead := uow.organisation.lead(codes[0])) else "",
        )
        for name, codes in rooms.items()
    ]


def _contacts(uow: UnitOfWork) -> list[Face]:
    return [
        Face(
            address=f"contact:{contact.id}",
            name=contact.name,
            line=said(N_("Customer, {company}"), company=customer.short or customer.name),
            kind="contact",
            addresses=(f"chat:contact:{contact.id}",),
        )
        for customer in uow.customers.all()
        for contact in uow.customers.contacts(customer.code)
    ]


def address_of(everybody: Mapping[str, Face], name: str) -> str:
    """The address of somebody by name, or of a channel by its department's code."""
    return next((face.address for face in everybody.values() if name in (face.name, face.address[8:])), "")
