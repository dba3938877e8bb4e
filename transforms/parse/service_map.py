"""A source's own categories and our services: the sidecar ``service_map.toml``."""

import tomllib
from collections.abc import Mapping

from transforms.parse.parsed import RefusedFileError

TABLE = "services"


def read_service_map(content: bytes) -> Mapping[str, str]:
    """Our service by the source's ``service_code``.

    Raises:
        RefusedFileError: If it is not TOML with one table ``[services]`` of texts.
    """
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedFileError(
            f"The service map is not readable as TOML ({error}), expected a table [{TABLE}] with a "
            'line like "101" = "kadut" per category. Mend the line.'
        ) from error
    services = document.get(TABLE)
    if not isinstance(services, dict) or not all(isinstance(v, str) for v in services.values()):
        raise RefusedFileError(
            f"The service map has no table [{TABLE}] of texts, expected a line like "
            '"101" = "kadut" per category. Write it so.'
        )
    return dict(services)
