"""``gukebot doctor``: find what is wrong with an installation, and say the next step."""

from dataclasses import asdict

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json
from bot.cli.failures import FAILED

_MARKS = {"ok": "ok     ", "warning": "warning", "fault": "FAULT  "}


@click.command(epilog="Example: gukebot doctor --json")
@as_json
@pass_caller
def doctor(caller: Caller, *, as_json: bool) -> None:
    """Look at the installation, piece by piece. Exit code 1 when there is a fault."""
    from bot import clock
    from bot.config_errors import ConfigError
    from bot.doctor import Finding, examine

    findings = []
    try:
        settings = caller.settings()
    except ConfigError as error:
        findings = [Finding("configuration", "fault", str(problem), "mend this key") for problem in error.problems]
    else:
        findings = [Finding("configuration", "ok", str(caller.file or "no file: defaults and environment"))]
        findings += examine(settings, caller.file, clock.now)
    healthy = all(finding.state != "fault" for finding in findings)
    if as_json:
        print_json({"ok": healthy, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{_MARKS[finding.state]}  {finding.name}: {finding.found}")
            if finding.fix:
                click.echo(f"         -> {finding.fix}")
    if not healthy:
        raise click.exceptions.Exit(FAILED)
