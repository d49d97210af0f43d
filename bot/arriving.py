"""What arrives with a page's form, read while it comes in: the words are kept, whatever is too much is let go.

A phone that sends more than we take is heard to the end, up to a point: a browser shows no answer to a form
that it could not finish sending.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from handlers.events import Upload

MOST_BYTES = 64 * 1024 * 1024
"""Of all photos together; what comes after it is not kept."""

HEARD_OUT = 4 * MOST_BYTES
"""How much is listened to for the sake of an answer; then the door is shut."""

MOST_TEXT_BYTES = 64 * 1024
MOST_FIELDS = 20
PHOTOS = "photos"
SECONDS = 300.0
"""How long a form may take to arrive: nine photos over a bad line."""


class UnreadableError(Exception):
    """It is no form of ours, or it broke off."""


class EndlessError(Exception):
    """It does not come to an end."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The answers and the files under their names, in their order, and whether more came than is taken."""

    answers: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, Upload], ...] = ()
    too_large: bool = False

    @property
    def texts(self) -> dict[str, str]:
        """The first answer of each name."""
        return dict(reversed(self.answers))

    @property
    def photos(self) -> tuple[Upload, ...]:
        """The photos of a page that has one place for them."""
        return tuple(file for name, file in self.files if name == PHOTOS)


@dataclass
class _Part:
    """One answer or one file, as far as it has come in."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    file: str | None = None
    content: bytearray = field(default_factory=bytearray)


@dataclass
class _Reader:
    """Hears the parser, and keeps what is within the limits: so many answers, and files of these names."""

    most: int
    names: frozenset[str]
    answers: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, Upload]] = field(default_factory=list)
    too_large: bool = False
    ended: bool = False
    _kept: int = 0
    _part: _Part = field(default_factory=_Part)
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)

    def on_part_begin(self) -> None:
        self._part = _Part()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._part.headers[bytes(self._header).lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            self._part.file = options[b"filename"].decode("utf-8", "replace")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        content = self._part.content
        if self._part.file is None:
            # longer than any answer may be: what is kept of it is still too long, and is told so
            content += data[start : min(end, start + MOST_TEXT_BYTES - len(content))]
        elif self._kept + len(content) + end - start > MOST_BYTES:
            self.too_large = True
        else:
            content += data[start:end]

    def on_part_end(self) -> None:
        part = self._part
        if part.file is None:
            if len(self.answers) < self.most:
                self.answers.append((part.name, part.content.decode("utf-8", "replace")))
        elif part.name in self.names and (part.file or part.content):
            self._kept += len(part.content)
            self.files.append((part.name, Upload(part.file, "", bytes(part.content))))

    def on_end(self) -> None:
        self.ended = True


async def arrived(
    request: Request, *, most: int = MOST_FIELDS, names: frozenset[str] = frozenset({PHOTOS})
) -> Arrived:  # fmt: skip
    """Read a form that was sent: so many answers at most, files of these names. What was too much is not kept.

    Raises UnreadableError or EndlessError, with nothing of it kept.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    reader = _Reader(most, names)
    try:
        async with asyncio.timeout(SECONDS):
            if kind == b"application/x-www-form-urlencoded":
                return Arrived(await _plain(request.stream(), most))
            if kind != b"multipart/form-data" or not boundary:
                raise UnreadableError
            await _hear(request.stream(), reader, boundary)
    except TimeoutError:
        raise EndlessError from None
    except (FormParserError, ClientDisconnect, ValueError):
        raise UnreadableError from None
    if reader.too_large:
        return Arrived(tuple(reader.answers), too_large=True)
    if not reader.ended:
        raise UnreadableError
    return Arrived(tuple(reader.answers), tuple(reader.files))


async def _plain(stream: AsyncIterator[bytes], most: int) -> tuple[tuple[str, str], ...]:
    """A form without photos, from a browser that sends such a one the old way."""
    content = bytearray()
    async for chunk in stream:
        content += chunk
        if len(content) > MOST_TEXT_BYTES:
            raise EndlessError
    pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, errors="replace", max_num_fields=most)
    return tuple(pairs)


async def _hear(stream: AsyncIterator[bytes], reader: _Reader, boundary: bytes) -> None:
    parser = MultipartParser(boundary, {
        "on_part_begin": reader.on_part_begin,
        "on_header_field": reader.on_header_field,
        "on_header_value": reader.on_header_value,
        "on_header_end": reader.on_header_end,
        "on_headers_finished": reader.on_headers_finished,
        "on_part_data": reader.on_part_data,
        "on_part_end": reader.on_part_end,
        "on_end": reader.on_end,
    })  # fmt: skip
    heard = 0
    async for chunk in stream:
        heard += len(chunk)
        if heard > HEARD_OUT:
            raise EndlessError
        if heard > MOST_BYTES + MOST_TEXT_BYTES * reader.most:
            reader.too_large = True
        if not reader.too_large:
            parser.write(chunk)
