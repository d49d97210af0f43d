"""``gukebot procedures``: what is declared, and the state machine of a procedure as a picture (M-54)."""

from pathlib import Path

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure


@click.command(
    epilog="Examples: gukebot procedures --json · gukebot procedures --chart corrective_action --out flow.png"
)
@as_json
@click.option("--chart", metavar="NAME", help="Draw the steps of this procedure.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write the picture here.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="In which words.")
@pass_caller
def procedures(caller: Caller, *, as_json: bool, chart: str | None, out: Path | None, language: str) -> None:
    """List every procedure with its steps, owners, clauses, sign-offs, deadlines and roles; or draw one."""
    from conversations.procedures.handbook import HANDBOOK
    from reports import flow

    if chart is not None:
        known = {name: p for p in HANDBOOK.procedures for name in (p.key, p.prefix, p.key.replace("_", "-"))}
        if chart not in known:
            raise Failure(f"There is no procedure {chart}. There are: {', '.join(HANDBOOK.by_key)}.")
        from reports.drawing import draw_flow_in_process

        procedure = known[chart]
        path = draw_flow_in_process(flow.flow_of(procedure, language, {}), out or Path(f"{procedure.key}.png"))
        talk(f"{path} written")
        return
    listed = [flow.as_json(procedure) for procedure in HANDBOOK.procedures]
    if as_json:
        print_json(listed)
        return
    for procedure in HANDBOOK.procedures:
        drawn = flow.flow_of(procedure, language, {})
        click.echo(f"{procedure.key}  {procedure.prefix}  {drawn.title}  {procedure.clause}".rstrip())
        for node in drawn.nodes:
            click.echo(f"  {node.key}  {node.label}  {' · '.join(node.notes)}".rstrip())
