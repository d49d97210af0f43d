"""The command ``gukebot``."""

import sys

from bot import __version__


def main() -> None:
    """Run one command of the terminal and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # asked by every script that looks for us: answered before anything is imported
        sys.stdout.write(f"gukebot {__version__}\n")
        return
    from bot.cli import root

    root()


if __name__ == "__main__":
    main()
