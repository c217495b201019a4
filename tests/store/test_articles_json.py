"""Articles as JSON: the same one comes back, and rows of older versions can be read.

Not here: the statements that store them (test_entries).
"""

import json
from dataclasses import replace

from feeds.model import Episode, EpisodeKind
from feeds.store.articles_json import from_json, to_json
from tests.store.givens import FULL, PLAIN


def through(article):
    return from_json(json.loads(json.dumps(to_json(article))))


def test_episode_and_rights_come_back_as_they_went_in():
    episode = Episode(duration=754, number=3, season=1, kind=EpisodeKind.TRAILER, explicit=True)
    article = replace(FULL, episode=episode, rights="CC BY")
    assert through(article) == article
    assert through(replace(PLAIN, episode=Episode())).episode == Episode()


def test_article_of_a_version_that_knew_neither_can_be_read():
    row = to_json(FULL)
    del row["episode"], row["rights"]
    assert from_json(row) == FULL
