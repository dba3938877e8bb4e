"""How it is computed: pure functions, frames in, frames out."""
