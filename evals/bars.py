"""The bars that the text analysis is held to, figure by figure."""

from typing import NamedTuple


class Bar(NamedTuple):
    """A figure, what it is called, its bar (a share of 1), and what it is a share of, if of texts.

    ``counted_in`` names the figure that holds the number of what was counted; None where the
    figure is no simple share and so has no interval of its own here.
    """

    figure: str
    heading: str
    bar: float
    counted_in: str | None = None
    is_lower_better: bool = False


BARS = (
    Bar("service_or_also_accuracy", "service, any that a clerk would accept", 0.80, "n_texts"),
    Bar(
        "service_calibration_error",
        "service, expected calibration error",
        0.05,
        is_lower_better=True,
    ),
    Bar("kind_macro_f1", "kind, macro-F1", 0.75),
    Bar("sentiment_macro_f1", "sentiment, macro-F1", 0.78),
    Bar("language_accuracy", "language", 0.98, "n_texts"),
    Bar("topics_micro_f1", "topics, micro-F1", 0.80),
    Bar("groups_micro_f1", "groups, micro-F1", 0.80),
    Bar("places_micro_f1", "places, micro-F1", 0.95),
    Bar("pii_recall", "personal data, recall by overlap", 0.97, "n_spans"),
    Bar("pii_precision", "personal data, precision", 0.93, "n_found"),
    Bar(
        "hard_negatives_touched",
        "personal data, hard negatives touched",
        0.10,
        "n_hard_negatives",
        is_lower_better=True,
    ),
)
