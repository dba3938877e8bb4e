"""Text stage: tokens, lemmas, language, service, kind and sentiment. Models and tables are passed
in; nothing here reads a disk, a clock or a global seed. Loading and storing belong to assets.
"""
