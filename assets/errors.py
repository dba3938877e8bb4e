"""Errors of the assets; each message says found, expected, where and what to do.

HouseError                user-facing: printed without a traceback
├─ StoreError
│  ├─ BrokenPromiseError  a frame is not what its contract promises
│  └─ DamagedTableError   a stored file differs from its manifest
├─ DamagedDeliveryError   a delivered file is cut off or broken; yesterday's publication stands
├─ SourceDownError        a source did not answer; yesterday's publication stands
├─ SettingsError          a setting is missing or wrong
└─ TextTableError         a table named on the command line is not as it should be
"""


class HouseError(Exception):
    """Something that a person can mend; the message says how."""


class StoreError(HouseError):
    """Tables on disk are not as they should be."""


class BrokenPromiseError(StoreError):
    """A frame does not have the columns that its contract promises."""


class DamagedTableError(StoreError):
    """A stored file is missing or is not the one that its manifest names."""


class DamagedDeliveryError(HouseError):
    """A delivered file of a known format cannot be read to its end."""


class SourceDownError(HouseError):
    """A source system did not answer as it should."""


class SettingsError(HouseError):
    """A setting is missing or wrong."""


class TextTableError(HouseError):
    """A table of texts that a person named cannot be read or written."""
