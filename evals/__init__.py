"""Quality of the text analysis on labelled Finnish: metrics, a table, floors. Not part of the
distribution; run from the root by ``python -m evals``. Speed belongs to benchmarks.
"""
