"""Pictures of every kind that an article may bring, drawn by Pillow when a test asks for them.

Not here: what becomes of them in a mail.
"""

import io
import random
from functools import cache

from PIL import Image, ImageCms, ImageDraw, ImageFilter

ORIENTATION, ARTIST, GPS, LATITUDE = 0x0112, 0x013B, 0x8825, 2
SECRET = "Ann at 53.3498 N"


def written(picture, kind, **options):
    """Return a picture as a file of a kind."""
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def opened(data):
    """Return what is in a file, loaded."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@cache
def photograph(width=1200, height=800, mode="RGB"):
    """Return a picture with more colours and grain than anything drawn has."""
    seed = random.Random(7)
    small = Image.frombytes("RGB", (40, 25), seed.randbytes(40 * 25 * 3))
    grain = Image.frombytes("L", (width, height), seed.randbytes(width * height)).filter(ImageFilter.GaussianBlur(1))
    soft = small.resize((width, height), Image.Resampling.BICUBIC)
    return Image.blend(soft, Image.merge("RGB", (grain, grain, grain)), 0.12).convert(mode)


def noise(width, height):
    """Return a picture that nothing can make short."""
    return Image.frombytes("RGB", (width, height), random.Random(9).randbytes(width * height * 3))


def drawing(width=1400, height=900, mode="RGB", ground="white"):
    """Return a chart: few colours, sharp edges."""
    chart = Image.new(mode, (width, height), ground)
    pen = ImageDraw.Draw(chart)
    for place, colour in enumerate(("navy", "firebrick", "seagreen", "goldenrod")):
        pen.rectangle((100 + place * 300, 150 + place * 120, 300 + place * 300, 800), fill=colour)
    pen.line((60, 820, 1340, 820), fill="black", width=6)
    return chart


def seen_through(width=600, height=450, mode="RGBA"):
    """Return a photograph of which the left half is not there."""
    picture = photograph(width, height).copy()
    mask = Image.new("L", (width, height), 255)
    mask.paste(0, (0, 0, width // 2, height))
    picture.putalpha(mask)
    return picture.convert(mode)


def quarters(width=400, height=200):
    """Return a picture by which one sees how it stands: red, green over blue, white."""
    picture = Image.new("RGB", (width, height), "white")
    for colour, box in (("red", (0, 0)), ("lime", (width // 2, 0)), ("blue", (0, height // 2))):
        picture.paste(colour, (*box, box[0] + width // 2, box[1] + height // 2))
    return picture


def corners(picture):
    """Return the colours in the middle of the four quarters, row by row, by their names."""
    width, height = picture.size
    places = [(x, y) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [_name(picture.convert("RGB").getpixel(place)) for place in places]


def telling(orientation=1):
    """Return EXIF that says how a picture stands, who took it and where."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = orientation, SECRET
    exif.get_ifd(GPS)[LATITUDE] = (53.0, 20.0, 59.0)
    return exif.tobytes()


def moving_gif(frames=4, size=(200, 120), **options):
    """Return a GIF that moves."""
    shown = [Image.new("RGB", size, (60 * n, 0, 120)) for n in range(frames)]
    return written(shown[0], "GIF", save_all=True, append_images=shown[1:], duration=200, loop=0, **options)


def blue_for_red():
    """Return a colour profile of which all red is sRGB's blue, by its primaries with the two swapped."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, blue = (slice(tags[name] + 4, tags[name] + 12) for name in (b"rXYZ", b"bXYZ"))
    profile[red], profile[blue] = profile[blue], profile[red]
    return bytes(profile)


def _name(colour):
    names = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    return min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], colour, strict=True)))
