"""``gukebot backup`` and ``restore``: records and files in one sealed file, rehearsed, and put back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, pass_caller, talk, yes
from bot.cli.failures import FAILED, Failure

if TYPE_CHECKING:
    from bot.backups import Made
    from bot.settings import Settings
    from storage.archive import Manifest

FEW = 3


@click.command(epilog="Examples: gukebot backup --rehearse · gukebot backup /var/backups/gukebot.tar")
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--rehearse",
    is_flag=True,
    help="Restore it into a place apart and compare; a FILE that is there already is rehearsed as it is.",
)
@pass_caller
def backup(caller: Caller, *, file: Path | None, rehearse: bool) -> None:
    """Copy records and files while the server runs. Without FILE: into backups/ of the data directory.

    The keys and secrets of this installation are not in it: keep them elsewhere. Exit code 1 when a file was damaged.
    """
    from bot import backups, clock

    settings = caller.settings()
    target = file or settings.backups / f"gukebot-{clock.now():%Y%m%dT%H%M%SZ}.tar"
    there = target.exists()
    if there and not rehearse:
        raise Failure(f"{target} is there already; name another file, or say --rehearse to try that one.")
    made = None if there else backups.make(settings, target)
    if made is not None:
        _told(made, settings)
    if rehearse:
        talk(f"Rehearsed: {_content(backups.rehearse(settings, target))}, all as they were.")
    click.echo(str(target))
    if made is not None and made.damaged:
        raise click.exceptions.Exit(FAILED)


@click.command(epilog="Example: gukebot restore /var/backups/gukebot.tar --yes")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@yes
@pass_caller
def restore(caller: Caller, *, file: Path, yes: bool) -> None:
    """Put a backup in the place of the records; those that are there are kept beside it.

    Takes what `gukebot backup` made, and the copies that `gukebot db upgrade` makes before it changes tables.
    """
    from bot import backups, databases
    from storage import archive

    settings = caller.settings()
    if archive.is_one(file):
        manifest = archive.verify(file)
        talk(f"{file} is whole: of {manifest.made_at}, {_content(manifest)}.")
    if not yes:
        talk(f"{file} would take the place of the records. Nothing was done; say --yes to do it.")
        return
    with databases.locked(settings):
        backups.held(settings)
        kept = backups.restore(settings, file)
    talk(f"{file} is in place." + (f" What was there is kept as {kept}." if kept else ""))
    talk("If it is of an older version, run `gukebot db upgrade`. What was waiting to be sent then is sent now.")


def _told(made: "Made", settings: "Settings") -> None:
    talk(f"Kept: {_content(made.manifest)}.")
    talk(f"The keys that sign links and seal ballots ({settings.data.directory}/*.key) are not in it; keep them apart.")
    if made.damaged:
        names = ", ".join(name.rpartition("/")[2][:12] for name in made.damaged[:FEW])
        talk(
            f"{len(made.damaged)} files were damaged already and are left out: {names}; an older backup may have them."
        )


def _content(manifest: "Manifest") -> str:
    rows = manifest.facts.rows
    return (
        f"{manifest.database}, schema {manifest.facts.schema}, {rows.get('cases', 0)} cases, "
        f"{sum(rows.values())} rows in {len(rows)} tables, {len(manifest.files) - 1} files"
    )
