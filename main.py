"""The front door: the command line is in ``feeds.cli``.

Not here: anything else.
"""

from feeds.cli import main

if __name__ == "__main__":
    main()
