"""``python -m pipelines``: what ``./run`` calls."""

import gc

from pipelines.cli import main

if __name__ == "__main__":
    # Cells, spans and rules are made by the hundred thousand and none of them in circles; by its
    # own count the collector would look through everything so often that it takes a tenth of a run.
    gc.set_threshold(50_000, 20, 100)
    main()
