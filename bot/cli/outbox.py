"""``gukebot outbox``: messages that could not be delivered, another try for them, and an end to them."""

import getpass
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, as_json, interactive, pass_caller, print_json, talk
from bot.cli.failures import Failure

if TYPE_CHECKING:
    from storage.outbox_rows import OutboxRow
    from storage.unit_of_work import UnitOfWork

EVERY = 1_000_000
STATES = ("dead", "pending", "sending", "unknown", "sent", "cancelled", "merged", "dropped")

_limit = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Show so many at most."
)  # fmt: skip


@click.group()
def outbox() -> None:
    """See the messages that could not be delivered; try them again, or drop them."""


@outbox.command("list", epilog="Examples: gukebot outbox list · gukebot outbox list --state pending --json")
@click.option("--state", type=click.Choice(STATES), default="dead", show_default=True, help="Which messages.")
@_limit
@as_json
@pass_caller
def list_them(caller: Caller, *, state: str, limit: int, as_json: bool) -> None:
    """List dead letters (or messages that stand otherwise) with the reason, the newest first."""
    _list(caller, state, limit, as_json=as_json)


@outbox.command(hidden=True, epilog="Example: gukebot outbox list --json")
@_limit
@as_json
@pass_caller
def dead(caller: Caller, *, limit: int, as_json: bool) -> None:
    """The former name of `gukebot outbox list`."""
    _list(caller, "dead", limit, as_json=as_json)


def _list(caller: Caller, state: str, limit: int, *, as_json: bool) -> None:
    from storage.outbox import Outbox

    with caller.database() as database, database.reading() as session:
        rows = [_shown(row) for row in Outbox(session, database.clock()).newest(state, limit)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("{id}  {code}  {created_at}  {platform} {address}  {topic} {subject}: {reason}".format_map(row))
    if state == "dead":
        talk(f"{len(rows)} could not be delivered. Again: gukebot outbox replay ID" if rows else "None is stuck.")


def _shown(row: "OutboxRow") -> dict[str, object]:
    return {
        "id": row.id,
        "code": row.short,
        "platform": row.platform,
        "address": row.address,
        "topic": row.topic,
        "subject": row.subject,
        "attempts": row.attempts,
        "created_at": row.created_at.isoformat(),
        "reason": row.reason,
    }


@outbox.command(epilog="Examples: gukebot outbox replay 17 18 · gukebot outbox replay --all")
@click.argument("ids", metavar="[ID]...", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Try every dead letter again.")
@pass_caller
def replay(caller: Caller, *, ids: tuple[int, ...], every: bool) -> None:
    """Try dead letters again, from the first attempt."""
    _each(caller, ids, every=every, job=_again, said="{} will be sent again.")


@outbox.command(epilog='Example: gukebot outbox drop 17 --reason "told by telephone"')
@click.argument("ids", metavar="[ID]...", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Drop every dead letter.")
@click.option("--reason", help="Why it need not be delivered (asked for at a terminal); it is kept in the audit trail.")
@pass_caller
def drop(caller: Caller, *, ids: tuple[int, ...], every: bool, reason: str | None) -> None:
    """Give up dead letters for good, with the reason; who did it and why is in the audit trail."""
    if reason is None and interactive():
        reason = click.prompt("Why need it not be delivered", err=True)
    if reason is None or not reason.strip():
        raise click.UsageError('Say why: --reason "told by telephone".')
    _each(caller, ids, every=every, job=partial(_dropped, reason=reason), said="{} dropped.")


def _each(
    caller: Caller, ids: tuple[int, ...], *, every: bool, job: "Callable[[UnitOfWork, int], bool]", said: str
) -> None:
    if bool(ids) == every:
        raise click.UsageError("Name the messages by their id (`gukebot outbox list`), or say --all.")
    with caller.database() as database:
        wanted = ids or database.do(lambda uow: tuple(row.id for row in uow.outbox.dead(EVERY)))
        done = [number for number in wanted if database.do(partial(_one, job=job, number=number))]
    talk(said.format(len(done)))
    if missing := sorted(set(wanted) - set(done)):
        raise Failure(f"Not among the dead letters: {', '.join(map(str, missing))}.")


def _one(uow: "UnitOfWork", job: "Callable[[UnitOfWork, int], bool]", number: int) -> bool:
    return job(uow, number)


def _again(uow: "UnitOfWork", number: int) -> bool:
    done = uow.outbox.replay(number)
    if done:
        uow.audit.write(f"message:{number}", "replayed", getpass.getuser())
    return done


def _dropped(uow: "UnitOfWork", number: int, reason: str) -> bool:
    done = uow.outbox.drop(number, reason)
    if done:
        uow.audit.write(f"message:{number}", "dropped", getpass.getuser(), data={"reason": reason})
    return done
