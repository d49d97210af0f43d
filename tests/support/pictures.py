"""Pictures for tests: photos that are small, whole, and no two alike, and a month with one small chart."""

import random
from datetime import datetime
from io import BytesIO

from PIL import Image

from conversations.words import people
from handlers.summaries import Edition


def noise(chance: random.Random, side: int = 32) -> bytes:
    """A PNG of random dots, about three bytes for each of its side x side dots."""
    held = BytesIO()
    Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side)).save(held, "PNG")
    return held.getvalue()


def small_edition(month: str, _cut_off: datetime) -> Edition:
    """A month with one small chart, drawn in no time."""
    held = BytesIO()
    Image.new("RGB", (64, 48), (20, 120, 150)).save(held, "PNG")
    pictures = (held.getvalue(),)
    return Edition(
        f"【月报】{month}", pictures, pictures, (people("投诉1件"),), ("投诉 1 件",), ((people("投诉"), people("1")),)
    )
