"""`python -m meritline.local [DIR]`: start the services, print their addresses, wait for the interrupt."""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from meritline.local import LocalServiceError, local_services


def main() -> int:
    """0 after an interrupt, 1 if the services do not start."""
    parser = argparse.ArgumentParser(prog="python -m meritline.local", description=__doc__)
    parser.add_argument("data_dir", nargs="?", type=Path, default=Path(".meritline"))
    parser.add_argument("--fleeting", action="store_true", help="do not care for a crash of the machine (for tests)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with local_services(options.data_dir, durable=not options.fleeting) as urls, contextlib.suppress(
            KeyboardInterrupt
        ):
            for name, value in urls.environ().items():
                print(f"{name}={value}", flush=True)
            signal.pause()
    except LocalServiceError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
