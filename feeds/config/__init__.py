"""The settings: one file, read once, checked whole, then handed down as frozen values.

The only door to pydantic and tomllib. Not here: what the settings lead to (rules, app).
"""

from feeds.config.bounces import BouncesConfig, ImapConfig
from feeds.config.dkim import DkimConfig
from feeds.config.feeds import Content, FeedConfig, FormatName, PodcastConfig, PodcastType, Query
from feeds.config.positions import line_of, lines_of
from feeds.config.reading import load_config
from feeds.config.schema import (
    CadenceConfig,
    Config,
    Layout,
    NewsletterConfig,
    OutputConfig,
    Pictures,
    RetentionConfig,
    ScheduleConfig,
    SiteConfig,
    SourceConfig,
    SourceKind,
    StoreConfig,
    TagsConfig,
    Tls,
    TransportConfig,
    TransportKind,
    shown,
)
from feeds.config.secrets import Secret, read_secret
from feeds.config.serving import WebConfig
from feeds.config.values import Address
from feeds.config.words import Wrong, nearest, suggestion
from feeds.config.writing import new_config_text
from feeds.rules.families import Each

__all__ = [
    "Address",
    "BouncesConfig",
    "CadenceConfig",
    "Config",
    "Content",
    "DkimConfig",
    "Each",
    "FeedConfig",
    "FormatName",
    "ImapConfig",
    "Layout",
    "NewsletterConfig",
    "OutputConfig",
    "Pictures",
    "PodcastConfig",
    "PodcastType",
    "Query",
    "RetentionConfig",
    "ScheduleConfig",
    "Secret",
    "SiteConfig",
    "SourceConfig",
    "SourceKind",
    "StoreConfig",
    "TagsConfig",
    "Tls",
    "TransportConfig",
    "TransportKind",
    "WebConfig",
    "Wrong",
    "line_of",
    "lines_of",
    "load_config",
    "nearest",
    "new_config_text",
    "read_secret",
    "shown",
    "suggestion",
]
