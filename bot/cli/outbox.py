"""``gukebot outbox``: messages that could not be delivered, and another try for them."""

from functools import partial
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

EVERY = 1_000_000


@click.group()
def outbox() -> None:
    """See the messages that could not be delivered, and try them again."""


@outbox.command(epilog="Example: gukebot outbox dead --json")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Show so many at most.")
@as_json
@pass_caller
def dead(caller: Caller, *, limit: int, as_json: bool) -> None:
    """List dead letters with the reason, the newest first."""
    from storage.outbox import Outbox

    with caller.database() as database, database.reading() as session:
        rows = [
            {
                "id": row.id,
                "platform": row.platform,
                "address": row.address,
                "topic": row.topic,
                "subject": row.subject,
                "attempts": row.attempts,
                "created_at": row.created_at.isoformat(),
                "reason": row.reason,
            }
            for row in Outbox(session, database.clock()).dead(limit)
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("{id}  {created_at}  {platform} {address}  {topic} {subject}: {reason}".format_map(row))
    talk(f"{len(rows)} could not be delivered." if rows else "None is stuck.")


@outbox.command(epilog="Examples: gukebot outbox replay 17 18 · gukebot outbox replay --all")
@click.argument("ids", metavar="[ID]...", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Try every dead letter again.")
@pass_caller
def replay(caller: Caller, *, ids: tuple[int, ...], every: bool) -> None:
    """Try dead letters again, from the first attempt."""
    if bool(ids) == every:
        raise click.UsageError("Name the messages by their id (`gukebot outbox dead`), or say --all.")
    with caller.database() as database:
        wanted = ids or database.do(lambda uow: tuple(row.id for row in uow.outbox.dead(EVERY)))
        again = [number for number in wanted if database.do(partial(_again, number=number))]
    talk(f"{len(again)} will be sent again.")
    if missing := sorted(set(wanted) - set(again)):
        raise Failure(f"Not among the dead letters: {', '.join(map(str, missing))}.")


def _again(uow: "UnitOfWork", number: int) -> bool:
    return uow.outbox.replay(number)
