"""`python -m consent.faces.networks FOLDER`: convert the networks ahead of the first picture."""

import logging
import sys
from pathlib import Path

from consent.faces.networks.cache import networks
from consent.faces.networks.convert import ConversionError


def main(arguments: list[str]) -> int:
    logging.basicConfig(format="%(message)s")
    if len(arguments) != 1:
        sys.stderr.write("Name the folder to keep the networks in: python -m consent.faces.networks FOLDER\n")
        return 2
    try:
        made = networks(Path(arguments[0]))
    except ConversionError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(made)} networks are ready in {arguments[0]}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
