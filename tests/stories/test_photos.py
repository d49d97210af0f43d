"""Photos and files: nine at a time, before, during and after a form; the original kept, the copy clean."""

import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from bot.demo.play import photo
from handlers.events import Attached, Sender, Upload
from tests.support.desk import Desk

HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40


def send(desk: Desk, *files: Upload) -> str:
    """Cheng Xiaoman sends files."""
    key = sha256(b"".join(file.content for file in files)).hexdigest()
    return desk.console("程小满").receive(Attached(key, Sender("console", "程小满"), files))


def jpeg_with_a_place() -> bytes:
    """A photo that says where it was taken."""
    picture = Image.new("RGB", (3000, 2000), (120, 90, 60))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)}
    exif[0x010F] = "Secret Camera"
    held = BytesIO()
    picture.save(held, "JPEG", exif=exif)
    return held.getvalue()


def test_the_original_is_kept_and_the_copy_says_no_place(desk: Desk) -> None:
    """
    What came in stays byte for byte, under its hash; the copy that is shown is small and knows no place and no device.
    """
    original = jpeg_with_a_place()
    desk.say("程小满", "报投诉", "驰安", "球头总成", "交付", "仅通知")
    answer = send(desk, Upload("IMG_1.jpg", "image/jpeg", original))
    desk.say("程小满", "好了", "少送两箱,门店断货", "11–100只", "刚刚", "销售自行处理")
    case = desk.do(lambda uow: uow.cases.find("TS-2026-0082"))
    assert case is not None
    [file] = desk.do(lambda uow: uow.files.of_case(case.id))

    assert "已收到 1 张照片" in answer
    assert desk.do(lambda uow: uow.files.read(file.sha256)) == original
    assert file.preview is not None
    copy = desk.do(lambda uow: uow.files.read(str(file.preview)))
    shown = Image.open(BytesIO(copy))
    assert max(shown.size) == 1600
    assert len(shown.getexif()) == 0
    assert b"Secret Camera" not in copy
    assert len(copy) <= 300_000


def bomb() -> bytes:
    """A small file that would unfold to 2,500 million pixels."""
    side = (50_000).to_bytes(4, "big")
    chunks = [(b"IHDR", side + side + b"\x08\x02\x00\x00\x00"), (b"IDAT", zlib.compress(b"\x00" * 1000))]
    written = [
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big") for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jpg", b"", "是空文件"),
        ("a.jpg", b"<svg onload=alert(1)>", "不是照片"),
        ("a.jpg", b"\xff\xd8\xff" + b"\x00" * 50, "图片已损坏"),
        ("big.png", bomb(), "像素过大"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(desk: Desk, name: str, content: bytes, sentence: str) -> None:
    """
    An empty, disguised, broken or exploding file is refused with its name and what to do; nothing else is lost.
    """
    desk.say("程小满", "报投诉", "驰安", "球头总成", "交付", "仅通知")
    answer = send(desk, Upload(name, "image/jpeg", content), Upload("good.png", "image/png", photo(1)))

    assert sentence in answer
    assert name in answer
    assert "已收到 1 张照片" in answer


def test_heic_and_voice_are_kept_as_files(desk: Desk) -> None:
    """
    What cannot be shown here is kept all the same.
    """
    desk.say("程小满", "报投诉", "驰安", "球头总成", "交付", "仅通知")
    answer = send(desk, Upload("a.heic", "", HEIC), Upload("a.amr", "", b"#!AMR\n" + b"\x00" * 20))

    assert "已收到 2 张照片" in answer


def test_the_tenth_file_is_named(desk: Desk) -> None:
    """
    Nine files are taken at a time; of more, the sender is told how many were not kept.
    """
    desk.say("程小满", "报投诉", "驰安", "球头总成", "交付", "仅通知")
    answer = send(desk, *(Upload(f"{n}.png", "image/png", photo(1 + n % 2)) for n in range(11)))

    assert "已收到 9 张照片" in answer
    assert "最后 2 个未保留" in answer
