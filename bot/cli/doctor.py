"""``gukebot doctor``: find what is wrong with an installation, and say the next step."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json
from bot.cli.failures import FAILED

if TYPE_CHECKING:
    from bot.doctor import Finding

MEND = "do what it says here, then run: gukebot config check"
_MARKS = {"ok": "ok     ", "warning": "warning", "fault": "FAULT  "}


@click.group(invoke_without_command=True, epilog="Examples: gukebot doctor --json · gukebot doctor wecom")
@click.option("--offline", is_flag=True, help="Ask nothing of the network: no names, certificates or clocks.")
@as_json
@click.pass_context
def doctor(ctx: click.Context, *, offline: bool, as_json: bool) -> None:
    """Look at the installation, piece by piece. Exit code 0 without a fault, 1 with one, 2 for wrong use."""
    if ctx.invoked_subcommand:
        return
    from bot import clock
    from bot.config_errors import ConfigError
    from bot.doctor import Finding, examine

    caller = ctx.ensure_object(Caller)
    findings = [Finding("configuration", "ok", str(caller.file or "no file: defaults and environment"))]
    try:
        caller.complete_settings()
    except ConfigError as error:
        findings = [Finding("configuration", "fault", str(problem), MEND) for problem in error.problems]
    # what is only not filled in yet keeps nothing else from being looked at
    with suppress(ConfigError):
        findings += examine(caller.settings(), caller.file, clock.now, offline=offline)
    _tell(findings, as_json=as_json)


@doctor.command(epilog="Example: gukebot doctor slack --json")
@as_json
@pass_caller
def slack(caller: Caller, *, as_json: bool) -> None:
    """Look at Slack: token, rights, channels, people, a file up and down, every screen. Exit code 1 for a fault."""
    from bot import clock, golden
    from bot.slack.doctor import examine

    _tell(examine(caller.complete_settings(), clock.now, golden.named), as_json=as_json)


@doctor.command(epilog="Example: gukebot doctor wecom --json")
@as_json
@pass_caller
def wecom(caller: Caller, *, as_json: bool) -> None:
    """Look at WeCom, step by step of its set-up, with each errcode in words. Exit code 1 for a fault."""
    from bot import clock
    from bot.wecom.doctor import examine

    _tell(examine(caller.complete_settings(), clock.now), as_json=as_json)


def _tell(findings: "Iterable[Finding]", *, as_json: bool) -> None:
    """Each finding as soon as it is known, or all of them as one document."""
    found = []
    for finding in findings:
        found.append(finding)
        if not as_json:
            click.echo(f"{_MARKS[finding.state]}  {finding.name}: {finding.found}")
            if finding.fix:
                click.echo(f"         -> {finding.fix}")
    healthy = all(finding.state != "fault" for finding in found)
    if as_json:
        print_json({"ok": healthy, "findings": [asdict(finding) for finding in found]})
    if not healthy:
        raise click.exceptions.Exit(FAILED)
