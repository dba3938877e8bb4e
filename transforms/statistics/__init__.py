"""Statistical methods over frames and arrays: a file a method, a page each in docs/methods."""
