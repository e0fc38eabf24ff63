"""The program `jalon`, as it starts."""

import gc


def main() -> None:
    """Load the product, and run a verb.

    Nothing that loading makes is let go before the end: looking for it, as the collector would
    again and again, takes a seventh of the start.
    """
    gc.disable()
    from interfaces.cli.main import main as run  # loads all that is to be kept

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
