"""Files: uploaded for three days, taken down again, and pictures with an address of their own."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from tests.support.wecom.endpoints import Answer, Asked, Endpoint, Request, get
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import Json, Media, World

LIFE = timedelta(days=3)
SMALLEST = 6
MIB = 1 << 20

MOST = {"image": (10 * MIB, 40009), "voice": (2 * MIB, 45001), "video": (10 * MIB, 40011), "file": (20 * MIB, 45001)}
"""How many bytes each kind may have, and what is said of more."""

PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
BEGINNINGS = {"image": PICTURES, "voice": (b"#!AMR\n",)}

PICTURE_MOST = 2 * MIB


@dataclass(frozen=True, slots=True)
class Part:
    """A file within a multipart body."""

    field: str
    name: str
    content: bytes


def parts(request: Request) -> list[Part]:
    """The files of a multipart body; names in UTF-8 as clients write them."""
    found = re.search(r"boundary=\"?([^\";]+)", request.headers.get("content-type", ""))
    if not found:
        return []
    chunks = (b"\r\n" + request.body).split(b"\r\n--" + found.group(1).encode())
    return [_part(*chunk.removeprefix(b"\r\n").split(b"\r\n\r\n", 1)) for chunk in chunks if b"\r\n\r\n" in chunk]


def _part(head: bytes, content: bytes) -> Part:
    named = dict(re.findall(r"\b(name|filename)=\"([^\"]*)\"", head.decode(errors="replace")))
    return Part(named.get("name", ""), named.get("filename", ""), content)


def file_of(request: Request, kind: str, field: str = "media") -> Part:
    """The file of an upload, if WeCom would take it."""
    refuse(kind not in MOST, 40005)
    found = next((each for each in parts(request) if not field or each.field == field), None)
    if found is None or not found.content:
        raise RefusedError(44001)
    most, code = MOST[kind]
    refuse(len(found.content) < SMALLEST, 40006)
    refuse(len(found.content) > most, code)
    refuse(kind in BEGINNINGS and not found.content.startswith(BEGINNINGS[kind]), 40004)
    refuse(not found.name, 40004, "the file has no name")
    return found


def kept(world: World, media_id: str, *kinds: str, robot: str = "") -> Media:
    """A file that is still there, of one of these kinds and this robot; 40007, or 41006 without an id."""
    refuse(not media_id, 41006)
    found = world.media.get(media_id)
    if found is None or found.kind not in (kinds or MOST) or found.robot != robot or not world.fresh(found.made, LIFE):
        raise RefusedError(40007)
    return found


def upload(asked: Asked) -> Json:
    """A file for three days."""
    kind = asked.query.get("type", "")
    part = file_of(asked.request, kind)
    return _uploaded(asked.world, kind, asked.world.keep(kind, part.name, part.content))


def upload_of_robot(asked: Asked) -> Json:
    """A file that one robot alone may send."""
    key, kind = asked.query.get("key", ""), asked.query.get("type", "")
    refuse(kind not in ("file", "voice"), 40005)
    part = file_of(asked.request, kind)
    return _uploaded(asked.world, kind, asked.world.keep(kind, part.name, part.content, key))


def _uploaded(world: World, kind: str, number: str) -> Json:
    # the instant is a text, as documented
    return {"type": kind, "media_id": number, "created_at": str(int(world.now().timestamp()))}


def picture(asked: Asked) -> Json:
    """A picture that stays, at an address for everybody."""
    part = file_of(asked.request, "image", field="")
    refuse(len(part.content) > PICTURE_MOST, 40009)
    return {"url": asked.world.picture_url(part.content)}


KINDS = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4", "file": "application/octet-stream"}


def download(asked: Asked) -> Answer:
    """The file itself; only a refusal is JSON."""
    found = kept(asked.world, asked.query.get("media_id", ""))
    kind = "image/jpeg" if found.content.startswith(PICTURES[1]) else KINDS[found.kind]
    named = f'attachment; filename="{quote(found.name)}"'
    return Answer(found.content, kind=kind, headers={"Content-disposition": named})


ENDPOINTS = {
    "media/upload": Endpoint(upload, reads_json=False, empty={"type": "", "media_id": "", "created_at": ""}),
    "media/uploadimg": Endpoint(picture, reads_json=False, empty={"url": ""}),
    "media/get": get(download),
    "webhook/upload_media": Endpoint(upload_of_robot, opens="key", reads_json=False),
}
