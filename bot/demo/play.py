"""``gukebot demo --play``: the story in the terminal, on a clock of its own, with the month's charts as files."""

import dataclasses
import json
import struct
import tempfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

from bot.demo import story_8d
from bot.demo.keeping import fresh, refuse_strangers
from bot.demo.stage import NAME, ZONE, Stage, closing
from bot.demo.story import CASE, CORRECTIVE, SCENES, Scene, Told
from conversations.words import said
from handlers.posting import STAMPED
from storage.process_lock import ProcessLock
from storage.unit_of_work import UnitOfWork

THREADS = {1: (CASE, SCENES), 2: (story_8d.CASE, story_8d.SCENES)}
"""The stories by their number: the complaint each is about, and its scenes."""


def main(*, out: Path | None, as_json: bool, directory: Path | None, thread: int = 1) -> None:
    """Tell a story. ``--dir`` leaves its database behind, ``--out`` charts and reports; JSON is on standard output."""
    number, scenes = THREADS[thread]
    with ExitStack() as stack:
        folder = directory or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gukebot-demo-")))
        pictures = out or folder / "charts"
        stack.enter_context(ProcessLock(refuse_strangers(folder)))
        stage = stack.enter_context(closing(fresh(folder)))
        tell = (lambda line: None) if as_json else click.echo
        for scene in scenes:
            _play(stage, scene, tell)
        told = _told(stage, pictures, number)
        reports = _reports(stage, pictures) if thread == 2 else []
    if as_json:
        more = {"reports": reports} if reports else {}
        click.echo(json.dumps({**dataclasses.asdict(told), **more}, ensure_ascii=False, indent=2))
    else:
        click.echo(_ending(told, reports, kept=out is not None or directory is not None))


def _play(stage: Stage, scene: Scene, tell: Callable[[str], object]) -> None:
    seen = stage.do(_last_letter)
    stage.until(scene.until)
    title = stage.company.words.say(said(scene.title), "zh", stage.clock())
    tell(f"\n━━ {scene.until:%m月%d日 %H:%M} ━━ {title}")
    _letters(stage, seen, tell)
    seen = stage.do(_last_letter)
    if scene.photos:
        tell(f"{scene.person} › [{scene.photos} 张照片]")
        tell(_indented(stage.console(scene.person).receive_photos([photo(i) for i in range(scene.photos)])))
    for line in scene.lines:
        tell(f"{scene.person} › {line}")
        tell(_indented(stage.say(scene.person, line)))
        if scene.photos and line.startswith("已实施"):
            continue
    for action, number in scene.taps:
        tell(f"{scene.person} › [{action}]")
        tell(_indented(stage.decide(scene.person, action, number)))
    stage.tick()
    _letters(stage, seen, tell)


def _letters(stage: Stage, after: int, tell: Callable[[str], object]) -> None:
    names = stage.do(_names)
    for row in stage.do(lambda uow: uow.mailbox.all_after(after)):
        picture = " 🖼" if row.picture else ""
        tell(f"  ✉ {names.get(row.address, row.address)}{picture}: " + row.text.replace("\n", "\n      "))


def _names(uow: UnitOfWork) -> dict[str, str]:
    people = {f"person:{person.id}": person.name for person in uow.organisation.people()}
    channels = {f"channel:{d.code}": d.channel_name or d.name for d in uow.organisation.departments()}
    return {**people, **channels}


def _last_letter(uow: UnitOfWork) -> int:
    rows = uow.mailbox.all_after(0)
    return rows[-1].id if rows else 0


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _reports(stage: Stage, folder: Path) -> list[str]:
    """The 8D report as a page and as a workbook, in both languages."""
    from handlers.reports_8d import report
    from handlers.turn import Turn

    def written(uow: UnitOfWork) -> dict[str, bytes]:
        case, turn = uow.cases.find(CORRECTIVE), Turn(uow, stage.company)
        return {
            f"{CORRECTIVE}-{language}.{'xlsx' if table else 'html'}": report(turn, case, table=table, language=language)
            for language in ("zh", "en")
            for table in (False, True)
            if case is not None
        }

    found = stage.do(written)
    for name, content in found.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in found]


def _told(stage: Stage, pictures: Path, number: str) -> Told:
    """Read the result back from the database, so that what is printed is what is kept."""
    from storage.audit import verify

    stage.do(lambda uow: uow.audit.seal())
    told = stage.do(lambda uow: _facts(uow, number))
    pictures.mkdir(parents=True, exist_ok=True)
    for name, content in stage.do(_pictures):
        (pictures / name).write_bytes(content)
        told.charts.append(str(pictures / name))
    with stage.database.reading() as session:
        told.audit = "ok" if verify(session).ok else "broken"
    return told


def _facts(uow: UnitOfWork, number: str) -> Told:
    told = Told(number)
    case = uow.cases.find(number)
    if case is None:
        return told
    names = {address: name for address, name in _names(uow).items() if address.startswith("person:")}
    deadlines = uow.deadlines.of(case.id)
    told.due_at = next(row.due_at for row in deadlines if row.key == "K1").astimezone(ZONE).isoformat()
    told.rounds = max(row.round for row in uow.cases.actions_of(case.id))
    for row in uow.outbox.of_case(case.id):
        if row.level is not None and row.sent_at is not None:
            address = f"person:{names[row.address]}" if row.address in names else row.address
            told.levels.append({"name": row.level, "address": address, "at": row.sent_at.astimezone(ZONE).isoformat()})
    corrective = uow.cases.find(CORRECTIVE)
    told.corrective_action = CORRECTIVE if corrective else ""
    told.messages = sum(uow.outbox.counts().values())
    return told


def _pictures(uow: UnitOfWork) -> list[tuple[str, bytes]]:
    summary = uow.cases.newest("monthly_summary")
    files = uow.files.of_case(summary.id) if summary else []
    return [(file.name, uow.files.read(file.sha256)) for file in files if STAMPED not in file.name]


def _ending(told: Told, reports: list[str], *, kept: bool) -> str:
    written = f"8D 报告: {', '.join(reports)}。" if reports and kept else ""
    where = f"图表: {', '.join(told.charts)}" if kept else "加 --out DIR 可保留图表。"
    return (
        f"\n{NAME}(演示数据) {told.case}:{told.rounds} 次措施,{told.messages} 条消息,审计链 {told.audit}。"
        f"{written}{where}\n"
        "Every name here is invented. `gukebot demo --play --json` prints the same story for programs."
    )


def photo(shade: int) -> bytes:
    """A small real PNG, made here: the demo needs no files."""
    width, height = 64, 48
    row = b"\x00" + bytes((90 + 40 * shade, 120, 150)) * width
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(row * height)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
