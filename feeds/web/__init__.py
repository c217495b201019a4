"""The way in by HTTP: the output folder as pollers, readers and browsers need it served.

The one door to starlette and uvicorn. Not here: printing what is served (jobs), TLS (a web server in front).
"""

from feeds.web.listening import WebServer, listen
from feeds.web.site import web_app

__all__ = ["WebServer", "listen", "web_app"]
