"""Two web servers in processes of their own: ours with a survey that is out, and the least that keeps a form's answers.

``python -m tests.benchmarks.survey_servers ours|bare URL FOLDER PORT``
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

TABLE = sqlalchemy.Table(
    "bare_answers",
    sqlalchemy.MetaData(),
    sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True),
    sqlalchemy.Column("answers", sqlalchemy.JSON),
)


def ours(url: str, folder: Path) -> ASGIApp:
    """The whole page, with everything that an answer means."""
    from bot import web
    from bot.surveys import web as surveys
    from handlers.tokens import Links
    from tests.support.customer import KEY, PUBLIC
    from tests.support.desk import Desk

    desk = Desk.open(url, folder)
    company = replace(desk.company, links=Links(PUBLIC, KEY))
    return web.application(lambda: (), lambda: b"", surveys.routes(desk.database, company))


def bare(url: str, folder: Path) -> ASGIApp:
    """A form that arrives, and one row that is on the disk before the thanks."""
    engine = sqlalchemy.create_engine(url)
    if engine.dialect.name == "sqlite":
        sqlalchemy.event.listen(engine, "connect", _durable)
    TABLE.metadata.create_all(engine)

    def keep(answers: dict[str, Any]) -> None:
        with engine.begin() as connection:
            connection.execute(TABLE.insert(), {"answers": answers})

    async def send(request: Request) -> Response:
        async with request.form() as form:
            answers = {key: value for key, value in form.items() if isinstance(value, str)}
        await run_in_threadpool(keep, answers)
        return HTMLResponse("<!doctype html><title>Thanks</title><p>Thank you.")

    return Starlette(routes=[Route("/s/{visit}", send, methods=["POST"])])


def _durable(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=30000")


def main() -> None:
    """Serve until it is ended."""
    kind, url, folder, port = sys.argv[1:]
    app = {"ours": ours, "bare": bare}[kind](url, Path(folder))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, lifespan="off")


if __name__ == "__main__":
    main()
