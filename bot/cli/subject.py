"""``gukebot subject``: what there is of a person given out, kept for the law, or erased with a certificate."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, pass_caller, talk, yes
from bot.cli.failures import Failure

if TYPE_CHECKING:
    from handlers.subjects import Erased
    from storage.database import Database

Out = click.option("--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), required=True,
                   help="Write it here; a file that is there already is not overwritten.")  # fmt: skip
Who = click.argument("who", metavar="NAME|ID")


@click.group()
def subject() -> None:
    """Give out, hold or erase what there is of a customer's contact or one of our people (contact:12, person:3)."""


@subject.command(epilog="Example: gukebot subject export contact:12 --out contact-12.json")
@Who
@Out
@pass_caller
def export(caller: Caller, *, who: str, out: Path) -> None:
    """Write everything there is of somebody into a JSON file; it holds what others wrote about them, too."""
    from handlers import subjects

    with caller.database() as database:
        found = database.look(lambda uow: subjects.export(uow, who))
    _reserve(out)
    out.write_text(subjects.text_of(found), "utf-8")
    talk(f"{out} written. Read it before it is handed out: others are named in it as well.")


@subject.command(epilog="Example: gukebot subject hold contact:12 --why '(2026) 1234'")
@Who
@click.option("--why", metavar="TEXT", required=True, help="The reason, for whoever wants to erase it.")
@pass_caller
def hold(caller: Caller, *, who: str, why: str) -> None:
    """Keep everything of somebody for the law: until it is released, nothing of theirs is erased."""
    from handlers import subjects

    with caller.database() as database:
        name = database.do(lambda uow: subjects.hold(uow, who, why, getpass.getuser()))
    talk(f"{name} is held.")


@subject.command(epilog="Example: gukebot subject release contact:12")
@Who
@pass_caller
def release(caller: Caller, *, who: str) -> None:
    """End such a hold."""
    from handlers import subjects

    with caller.database() as database:
        name = database.do(lambda uow: subjects.release(uow, who, getpass.getuser()))
    talk(f"{name} is not held any more.")


@subject.command(epilog="Example: gukebot subject erase contact:12 --out erasure.json --yes")
@Who
@Out
@click.option("--namesakes", is_flag=True, help="Also where others of the same name may be meant.")
@yes
@pass_caller
def erase(caller: Caller, *, who: str, out: Path, namesakes: bool, yes: bool) -> None:
    """Put a pseudonym in somebody's place everywhere, wipe the database's files, and write the certificate.

    Without --yes: only show how many texts would change.
    """
    from bot.app import company_of
    from handlers import subjects

    with caller.database() as database:
        if not yes:
            counts = database.look(lambda uow: subjects.would_erase(uow, who, namesakes=namesakes))
            for column, count in sorted(counts.items()):
                click.echo(f"{column}  {count}")
            talk(f"{sum(counts.values())} texts would change. Nothing was done; say --yes to do it.")
            return
        # before anything is erased: the certificate must not be lost
        _reserve(out)
        by, company = getpass.getuser(), company_of(caller.settings())
        try:
            erased = database.do(lambda uow: subjects.erase(uow, company, who, by, namesakes=namesakes))
        except Exception:
            out.unlink()
            raise
        out.write_text(subjects.text_of(erased.certificate), "utf-8")
        _finish(database, erased)
    certificate = erased.certificate
    talk(
        f"{certificate['subject']} is {certificate['pseudonym']} from now on. {out} certifies it, and says what stays."
    )


@subject.command(epilog="Example: gukebot subject wipe")
@pass_caller
def wipe(caller: Caller) -> None:
    """Write the database's files anew, so that nothing erased can be read from them."""
    from handlers.subjects import Erased

    with caller.database() as database:
        _finish(database, Erased({}))
    talk("Wiped.")


def _finish(database: "Database", erased: "Erased") -> None:
    from handlers import subjects
    from storage.errors import BusyError

    try:
        subjects.finish(database, erased)
    except BusyError as error:
        raise Failure(
            "The records are changed, but the database's files could not be written anew while others use them. "
            "Stop the server and run `gukebot subject wipe`."
        ) from error


def _reserve(out: Path) -> None:
    """Make the file, for the owner's eyes alone."""
    try:
        out.touch(0o600, exist_ok=False)
    except FileExistsError:
        raise Failure(f"{out} is there already; name another file.") from None
