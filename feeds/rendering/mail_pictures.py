"""Pictures made for mail: small, upright, in sRGB, of a kind that every client shows, with nothing said in them.

Pure: the same bytes come to the same bytes under one version of Pillow. Not here: which pictures a mail shows
(jobs.compose), measuring originals (sources).
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.rendering.gif import bare_gif

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LARGEST = 100_000  # bytes
# The formats in which a picture may come, whatever its name says: Pillow's others may run programs.
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
_LOSSY = {"JPEG", "MPO"}
_TURNS = {  # EXIF orientation (CIPA DC-008 section 4.6.5.1.6) → what sets it upright
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_ON_ITS_SIDE = {5, 6, 7, 8}
_QUALITIES = (82, 74, 66, 58, 50)
_SMALLER = 0.8
_MOST_COLOURS = 4096  # of what is drawn; a photograph has more
_WORTH = 1.5  # times as long as a JPEG, a PNG may be: its edges stay sharp


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as a mail carries it, its size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """Return what it is called on the shelf: its hash, and what it is."""
        suffix = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}[self.media_type]
        return f"{hashlib.sha256(self.data).hexdigest()}.{suffix}"


def made_for_mail(data: bytes, *, width: int, height: int) -> Made | str:
    """Return a picture as JPEG, PNG or GIF of at most 100 KB, no larger than a box in pixels; or what is wrong with it.

    It is never enlarged. A moving GIF that is small stays one; of others that move the first frame is shown.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bad EXIF, which browsers pass over too
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _made(data, (width, height))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "has more pixels than can be opened safely"
    except Exception:  # Pillow raises whatever its decoders meet in a damaged file
        return "is damaged, or no picture of a known kind"


def _made(data: bytes, box: tuple[int, int]) -> Made:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        turn = _turn(opened)
        plain = _plain(opened)
        is_art = opened.format not in _LOSSY and plain.getcolors(_MOST_COLOURS) is not None
        plain.thumbnail(box[::-1] if turn in _ON_ITS_SIDE else box, Image.Resampling.LANCZOS)
        plain.load()
    gif = bare_gif(data)
    if gif and gif.frames > 1 and len(gif.data) <= LARGEST and gif.width <= box[0] and gif.height <= box[1]:
        return Made(gif.data, "image/gif", gif.width, gif.height)
    upright = plain.transpose(Image.Transpose[_TURNS[turn]]) if turn in _TURNS else plain
    picture = _in_srgb(upright)
    picture.info = {}  # comments and profiles would be written out again
    return _encoded(picture, is_art=is_art)


def _turn(picture: Picture) -> int:
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # as above: bad EXIF spoils no picture
        return 1


def _plain(picture: Picture) -> Picture:
    """Return a picture whose colours can be mixed: no palette, no colour that stands for none, 8 bits."""
    if picture.mode.startswith(("I", "F")):
        whole = picture.convert("I")
        lightest = whole.getextrema()[1]
        scale = 255 / (lightest if lightest > 0xFFFF else 0xFFFF)  # type: ignore[operator]
        return whole.point(lambda value: value * scale + 0.5).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    if picture.mode in {"L", "RGB", "CMYK"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _in_srgb(picture: Picture) -> Picture:
    profile = picture.info.get("icc_profile")
    if picture.mode == "RGBA":
        base, alpha = picture.convert("RGB"), picture.getchannel("A")
        base = _converted(base, profile) if profile else base
        base.putalpha(alpha)
        return base
    if profile and picture.mode in {"RGB", "CMYK"}:
        return _converted(picture, profile)
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _converted(picture: Picture, profile: bytes) -> Picture:
    """Return a picture in sRGB by the profile that it brings; one that does not fit it is passed over."""
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        done = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        done = None
    return done or picture.convert("RGB")


def _encoded(picture: Picture, *, is_art: bool) -> Made:
    """Write a picture as PNG where it is see-through or drawn and that is short, else as JPEG."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] == 255:
        picture = picture.convert("RGB")
    if picture.mode == "RGBA":
        found = next((png for png in (_png(picture), _png(_in_palette(picture))) if len(png) <= LARGEST), None)
        if found:
            return Made(found, "image/png", *picture.size)
        picture = _on_white(picture)
    jpeg = _jpeg(picture, _QUALITIES[0])
    if is_art:
        png = _png(picture if picture.mode == "L" else _in_palette(picture))
        if len(png) <= min(LARGEST, len(jpeg) * _WORTH):
            return Made(png, "image/png", *picture.size)
    return Made(jpeg, "image/jpeg", *picture.size) if len(jpeg) <= LARGEST else _stepped(picture)


def _stepped(picture: Picture) -> Made:
    """Write a picture as JPEG in the best quality that is short enough; smaller where none is."""
    from PIL import Image

    for quality in _QUALITIES[1:]:
        data = _jpeg(picture, quality)
        if len(data) <= LARGEST:
            return Made(data, "image/jpeg", *picture.size)
    width, height = (max(1, int(side * _SMALLER)) for side in picture.size)
    return _stepped(picture.resize((width, height), Image.Resampling.LANCZOS))


def _jpeg(picture: Picture, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, progressive=True, optimize=True, subsampling="4:2:0")
    return written.getvalue()


def _png(picture: Picture) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=picture.mode == "P")
    return written.getvalue()


def _in_palette(picture: Picture) -> Picture:
    from PIL import Image

    return picture.quantize(256, dither=Image.Dither.NONE)


def _on_white(picture: Picture) -> Picture:
    from PIL import Image

    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white
