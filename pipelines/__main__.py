"""``python -m pipelines``: what ``./run`` calls."""

from pipelines.cli import main

if __name__ == "__main__":
    main()
