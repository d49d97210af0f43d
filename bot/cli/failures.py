"""Errors as the terminal tells them: one sentence with what to do, and the right exit code."""

import click

FAILED = 1
HELD = 75


class Failure(click.ClickException):
    """What a command could not do, in a sentence; exit code 1."""

    exit_code = FAILED


class Unexpected(Failure):
    """A fault of ours: told with a code, under which `gukebot trace` finds it."""

    def __init__(self, error: Exception) -> None:
        from bot.troubles import new_code

        self.error, self.code = error, new_code()
        super().__init__(
            f"Something went wrong that should not ({type(error).__name__}, {self.code}). "
            "Run `gukebot --debug ...` to see where, and report it."
        )


class HeldByAnother(Failure):
    """Another process holds the database; exit code 75."""

    exit_code = HELD


def explained(error: Exception) -> Exception | None:
    """Turn an error into a failure with a sentence; None where click knows what to say."""
    if isinstance(error, (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError)):
        return None
    say = _BY_NAME.get(type(error).__name__)
    if say is not None:
        return say(error)
    if type(error).__module__.startswith(("sqlalchemy", "sqlite3", "psycopg")):
        return Failure(
            f"The database could not be used ({type(error).__name__}). `gukebot doctor` says what is wrong with it."
        )
    if isinstance(error, OSError) and error.strerror:
        return Failure(f"{error.filename or 'The system'}: {error.strerror}.")
    return Unexpected(error)


def _sentence(error: Exception) -> Failure:
    return Failure(str(error))


def _config(error: Exception) -> Failure:
    return Failure(f"The configuration cannot be used:\n{error}")


def _busy(_error: Exception) -> Failure:
    return Failure("The database is busy with another process. Nothing was changed; try again in a moment.")


def _held(error: Exception) -> Failure:
    return HeldByAnother(str(error))


# by name, so that a command that needs no database does not import one to fail
_BY_NAME = {
    "ConfigError": _config,
    "BusyError": _busy,
    "ConflictError": _busy,
    "AlreadyRunningError": _held,
    "NoDatabaseError": _sentence,
    "SchemaError": _sentence,
    "ErasureRefusedError": _sentence,
    "ExampleMissingError": _sentence,
    "NobodyFoundError": _sentence,
    "OrganisationError": _sentence,
    "NotEmptyError": _sentence,
    "RuleError": _sentence,
    "CalendarFileError": _sentence,
    "MapError": _sentence,
    "SheetError": _sentence,
    "RejectsError": _sentence,
    "QuestionnaireFileError": _sentence,
    "DrawingError": _sentence,
    "NobodyToTellError": _sentence,
    "NoSuchPersonError": _sentence,
    "NoSuchChannelError": _sentence,
    "UnsafeDatabaseError": _sentence,
    "DelegateCircleError": _sentence,
    "DamagedFileError": _sentence,
    "NotADemoError": _sentence,
    "DemoDataError": _sentence,
    "OpenDoorError": _sentence,
    "PortTakenError": _sentence,
}
