"""The same program as ``main.py``, for ``python -m feeds``.

Not here: anything else.
"""

from feeds.cli import main

if __name__ == "__main__":
    main()
