"""The join: one row per act of a resident, and cubes over it, in Narwhals' common lazy subset so
that every engine computes the same (decision: SCALE). Polars is never imported here; suppression
and whatever works on cubes belong elsewhere.
"""
