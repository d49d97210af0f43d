"""Photos for tests: small, whole, and no two alike."""

import random
from io import BytesIO

from PIL import Image


def noise(chance: random.Random, side: int = 32) -> bytes:
    """A PNG of random dots, about three bytes for each of its side x side dots."""
    held = BytesIO()
    Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side)).save(held, "PNG")
    return held.getvalue()
