"""Photos as they come from phones: looked at before they are kept, and a copy made that can be shown.

The original is kept as it is, with its hash. The copy is turned upright, at most 1,600 pixels long,
and carries nothing of what a camera writes beside the picture: no place, no name, no device.
"""

import warnings
from io import BytesIO

from conversations.words import N_, Said, said

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
QUALITY = 78
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


class PictureError(ValueError):
    """A picture that is not kept; the sentence tells the person why."""

    def __init__(self, sentence: Said) -> None:
        super().__init__(sentence.message)
        self.sentence = sentence


def preview(content: bytes, mime: str, name: str) -> bytes | None:
    """Look at a picture and make its copy, a JPEG without any of its notes.

    Raises PictureError for one that is broken or far too large. HEIC, voice notes and documents are kept
    as files, without a copy.
    """
    if mime not in PICTURES:
        return None
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=(PICTURES[mime],)) as picture:
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright.info.clear()  # else a comment of the original would be written into the copy
        copy = BytesIO()
        upright.save(copy, "JPEG", quality=QUALITY, optimize=True)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureError(said(N_("{name} has too many pixels. Please send a smaller one."), name=name)) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise PictureError(said(N_("{name} is a broken picture. Please take it again."), name=name)) from None
    return copy.getvalue()
