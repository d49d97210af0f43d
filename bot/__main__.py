"""The command ``gukebot``."""

from bot.cli import root


def main() -> None:
    """Run one command of the terminal and exit with its code."""
    root()


if __name__ == "__main__":
    main()
