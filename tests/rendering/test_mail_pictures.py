"""Pictures made for mail: of kinds that every client shows, small, upright, in true colours, with nothing said in them.

Not here: which pictures a digest shows (tests/jobs).
"""

import io
import zlib
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from feeds.rendering.gif import bare_gif
from feeds.rendering.mail_pictures import LARGEST, Made, made_for_mail
from tests.rendering.picture_givens import (
    SECRET,
    blue_for_red,
    corners,
    drawing,
    moving_gif,
    noise,
    opened,
    photograph,
    quarters,
    seen_through,
    telling,
    written,
)

made = partial(made_for_mail, width=1088, height=3264)
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}
BRINGS = {
    "jpeg": lambda: written(photograph(), "JPEG"),
    "cmyk jpeg": lambda: written(photograph().convert("CMYK"), "JPEG"),
    "gray jpeg": lambda: written(photograph(mode="L"), "JPEG"),
    "png": lambda: written(photograph(), "PNG"),
    "png with palette": lambda: written(drawing().quantize(16), "PNG"),
    "png in black and white": lambda: written(drawing().convert("1"), "PNG"),
    "png of 16 bits": lambda: written(
        Image.linear_gradient("L").convert("I").point(lambda n: n * 257).convert("I;16"), "PNG"
    ),
    "png with alpha": lambda: written(seen_through(), "PNG"),
    "gray png with alpha": lambda: written(seen_through(mode="LA"), "PNG"),
    "png with one clear colour": lambda: written(drawing(), "PNG", transparency=(255, 255, 255)),
    "webp": lambda: written(photograph(), "WEBP"),
    "webp with alpha": lambda: written(seen_through(), "WEBP"),
    "moving webp": lambda: written(photograph(), "WEBP", save_all=True, append_images=[drawing(1200, 800)]),
    "avif": lambda: written(photograph(), "AVIF"),
    "gif": lambda: written(drawing(), "GIF"),
    "moving gif": moving_gif,
    "large moving gif": lambda: moving_gif(size=(1600, 900)),
    "bmp": lambda: written(drawing(), "BMP"),
    "tiff": lambda: written(photograph(), "TIFF"),
    "12,000 pixels wide": lambda: written(photograph(12_000, 700), "JPEG"),
    "noise": lambda: written(noise(1100, 800), "PNG"),
    "one pixel": lambda: written(photograph(1, 1), "PNG"),
}


def kind_of(data):
    return next((kind for start, kind in KINDS.items() if data.startswith(start)), None)


@pytest.mark.parametrize("brought", BRINGS)
def test_whatever_is_brought_is_made_fit_for_mail(brought):
    one = made(BRINGS[brought]())
    assert isinstance(one, Made)
    assert len(one.data) <= LARGEST
    assert opened(one.data).size == (one.width, one.height)
    assert kind_of(one.data) == one.media_type
    assert one.width <= 1088
    assert one.name.endswith({"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}[one.media_type])


@pytest.mark.parametrize("brought", ["jpeg", "webp with alpha", "png with palette", "moving gif", "noise"])
def test_same_picture_comes_to_the_same_bytes(brought):
    data = BRINGS[brought]()
    assert made(data) == made(data)


def test_photograph_becomes_a_progressive_jpeg_with_half_the_colours():
    picture = opened(made(written(photograph(), "PNG")).data)
    assert (picture.format, picture.info.get("progressive")) == ("JPEG", 1)
    assert [part[1:3] for part in picture.layer] == [(2, 2), (1, 1), (1, 1)]  # 4:2:0


def test_drawing_becomes_a_png_in_few_colours():
    one = made(written(drawing(), "WEBP", lossless=True))
    assert (one.media_type, opened(one.data).mode) == ("image/png", "P")
    assert len(one.data) < len(written(drawing(1088, 699), "JPEG"))


def test_drawing_that_fits_keeps_every_colour():
    drawn = drawing(600, 400)
    assert opened(made(written(drawn, "PNG")).data).convert("RGB").tobytes() == drawn.tobytes()


def test_photograph_in_gray_is_no_drawing():
    assert made(written(photograph(mode="L"), "PNG")).media_type == "image/jpeg"


def test_picture_is_never_enlarged():
    one = made(written(photograph(300, 200), "JPEG"))
    assert (one.width, one.height) == (300, 200)


@pytest.mark.parametrize(
    ("size", "box", "wanted"), [((1200, 800), (640, 430), (640, 427)), ((800, 1200), (640, 430), (287, 430))]
)
def test_picture_fits_its_box_in_its_own_shape(size, box, wanted):
    one = made_for_mail(written(photograph(*size), "JPEG"), width=box[0], height=box[1])
    assert (one.width, one.height) == wanted


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (1, []),
        (2, ["FLIP_LEFT_RIGHT"]),
        (3, ["ROTATE_180"]),
        (4, ["FLIP_TOP_BOTTOM"]),
        (5, ["TRANSPOSE"]),
        (6, ["ROTATE_90"]),
        (7, ["TRANSVERSE"]),
        (8, ["ROTATE_270"]),
    ],
)
def test_picture_on_its_side_is_set_upright(orientation, turned, kind):
    upright = quarters(1600, 800)
    taken = upright
    for way in turned:
        taken = taken.transpose(Image.Transpose[way])
    one = made(written(taken, kind, exif=telling(orientation)))
    assert corners(opened(one.data)) == corners(upright)
    assert (one.width, one.height) == (1088, 544)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("picture", [photograph, drawing, seen_through])
def test_nothing_is_said_beside_the_picture(kind, picture):
    drawn = picture().convert("RGB") if kind == "JPEG" else picture()
    taken = written(drawn, kind, exif=telling(), icc_profile=blue_for_red(), comment=SECRET)
    assert SECRET.encode() in taken
    one = made(taken)
    left = opened(one.data)
    assert SECRET.encode() not in one.data
    assert not left.getexif()
    assert left.info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
        "transparency",
    }


def test_moving_gif_keeps_its_frames_and_loses_what_is_said_in_it():
    taken = moving_gif(4, comment=SECRET.encode()) + b"behind the end"
    one = made(taken)
    assert (one.media_type, opened(one.data).n_frames, opened(one.data).info.get("loop")) == ("image/gif", 4, 0)
    assert SECRET.encode() not in one.data
    assert one.data.endswith(b"\x3b")


@pytest.mark.parametrize("taken", [moving_gif(size=(1600, 900)), moving_gif(4)[:-40]], ids=["large", "cut off"])
def test_of_other_gifs_that_move_the_first_frame_is_shown(taken):
    one = made(taken)
    assert (one.media_type, corners(opened(one.data))) == ("image/png", corners(opened(taken)))


def test_colours_are_those_that_the_profile_means():
    one = made(written(Image.new("RGB", (400, 300), (255, 0, 0)), "JPEG", icc_profile=blue_for_red(), quality=95))
    assert set(corners(opened(one.data))) == {"blue"}


@pytest.mark.parametrize("profile", [b"no profile", blue_for_red()[:200]])
def test_profile_that_cannot_be_read_spoils_no_picture(profile):
    one = made(written(quarters(), "PNG", icc_profile=profile))
    assert corners(opened(one.data)) == ["red", "lime", "blue", "white"]


def test_cmyk_is_shown_as_it_prints():
    one = made(written(quarters().convert("CMYK"), "JPEG", quality=95))
    assert (opened(one.data).mode, corners(opened(one.data))) == ("RGB", ["red", "lime", "blue", "white"])


def test_sixteen_bits_are_scaled_and_not_cut():
    ramp = Image.linear_gradient("L").convert("I").point(lambda n: n * 257).convert("I;16")
    left = opened(made(written(ramp, "PNG")).data).convert("L")
    assert [left.getpixel((128, row)) for row in (0, 64, 128, 255)] == [0, 64, 128, 255]


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_what_can_be_seen_through_stays_so(kind):
    left = opened(made(written(seen_through(), kind)).data).convert("RGBA")
    assert (left.getpixel((100, 200))[3], left.getpixel((500, 200))[3]) == (0, 255)


def test_what_is_too_long_to_be_seen_through_stands_on_white():
    taken = noise(700, 500)
    taken.putalpha(Image.new("L", taken.size, 128))
    one = made(written(taken, "PNG", compress_level=1))
    assert one.media_type == "image/jpeg"
    assert [round(mean) for mean in ImageStat.Stat(opened(one.data)).mean] == [pytest.approx(191, abs=3)] * 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        written(photograph(), "JPEG")[:20_000],
        written(photograph(), "PNG")[:20_000],
        written(photograph(), "WEBP")[:2_000],
    ],
    ids=["nothing", "gif of nothing", "svg", "eps", "cut jpeg", "cut png", "cut webp"],
)
def test_damaged_picture_is_no_picture(data):
    assert made(data) == "is damaged, or no picture of a known kind"


def test_picture_that_would_fill_the_memory_is_not_opened():
    head = written(Image.new("1", (9, 9)), "PNG")
    huge = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    huge = huge[:29] + zlib.crc32(huge[12:29]).to_bytes(4, "big") + huge[33:]
    assert made(huge) == "has more pixels than can be opened safely"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "TIFF"]))
def test_whatever_the_bytes_are_there_is_an_answer(data, kind):
    spoilt = bytearray(written(quarters(60, 40), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    one = made(bytes(spoilt))
    assert isinstance(one, str) or (len(one.data) <= LARGEST and kind_of(one.data) == one.media_type)


@given(st.binary(max_size=400))
def test_any_bytes_behind_the_head_of_a_gif_are_a_gif_or_none(tail):
    found = bare_gif(b"GIF89a" + tail)
    assert found is None or len(found.data) <= len(tail) + 6


def test_bare_gif_shows_frame_by_frame_what_it_showed():
    taken = moving_gif(5, comment=b"x" * 700)
    bare = bare_gif(taken)
    assert bare.frames == 5
    for frame in range(5):
        one, other = (Image.open(io.BytesIO(data)) for data in (taken, bare.data))
        one.seek(frame)
        other.seek(frame)
        assert (one.convert("RGB").tobytes(), one.info["duration"]) == (
            other.convert("RGB").tobytes(),
            other.info["duration"],
        )
