"""A form shown whole: all questions at once, kept while they are filled in, explained beside their questions."""

from dataclasses import replace
from typing import Any

from bot.demo.play import photo
from conversations.replies import Reply
from handlers import fetching, switchboard, uploads, whole
from handlers.events import Answered, Pressed, Quoted, Sender, Upload
from handlers.turn import Turn
from handlers.whole import Whole
from storage.unit_of_work import UnitOfWork
from tests.support.desk import CASE, Desk

WRITER = Sender("console", "程小满")
FILLED = {
    "customer": "K07", "product": "LG-1040", "category": "delivery", "impact": "notice", "photos": "",
    "description": "少送两箱,门店断货", "quantity": "12", "received_at": "now", "handling": "self",
}  # fmt: skip


def seen(desk: Desk) -> Whole:
    """The form that the writer has open now, as it is shown."""

    def look(uow: UnitOfWork) -> Whole:
        person = uow.organisation.person_by_name("程小满")
        row = uow.drafts.active_of(person.id) if person else None
        found = whole.shown(Turn(uow, desk.company, person), row.id) if row else None
        assert found is not None
        return found

    return desk.do(look)


def opened(desk: Desk) -> Whole:
    """The intake, just opened."""
    switchboard.receive(desk.database, desk.company, Pressed("open", WRITER, "start:complaint"))
    return seen(desk)


def send(desk: Desk, key: str, given: dict[str, str], **how: Any) -> Reply:
    """Fill in, and submit unless it is only kept."""
    event = Answered(key, WRITER, seen(desk).draft, given, whole=True)
    return switchboard.receive(desk.database, desk.company, replace(event, **how))


def asked(form: Whole) -> list[str]:
    """The questions that are shown."""
    return [question.field.key for question in form.questions]


def test_a_form_is_filed_in_one_go(desk: Desk) -> None:
    """
    Everything filled in and submitted once is a complaint with its number; what was left blank is left out.
    """
    opened(desk)
    reply = send(desk, "submit", FILLED)

    assert CASE in str(reply.lines)
    assert desk.answers()["quantity"] == 12
    assert "photos" not in desk.answers()


def test_what_applies_is_shown(desk: Desk) -> None:
    """
    A new customer is asked for by name once “new customer” is chosen; presets stand there to be corrected.
    """
    before = opened(desk)
    send(desk, "keep", {"customer": "new"}, kept=True)
    after = seen(desk)
    kind = next(question for question in after.questions if question.field.key == "type")

    assert "new_customer" not in asked(before)
    assert "new_customer" in asked(after)
    assert (kind.value, kind.own) == ("complaint", False)


def test_faults_stand_beside_their_questions_and_the_rest_is_kept(desk: Desk) -> None:
    """
    What is missing or cannot be read is told by its question, all at once; nothing has to be typed again.
    """
    opened(desk)
    reply = send(desk, "submit", {**FILLED, "description": "坏", "quantity": "很多", "category": ""})
    kept = {question.field.key: question.value for question in seen(desk).questions}

    assert set(reply.faults) == {"description", "quantity", "category"}
    assert (kept["customer"], kept["product"], kept["impact"]) == ("K07", "LG-1040", "notice")
    assert CASE in str(send(desk, "again", FILLED).lines)


def test_what_is_typed_is_kept_without_a_word(desk: Desk) -> None:
    """
    A form reports every change: kept silently, not filed even when it is full, and only the newest is remembered.
    """
    opened(desk)
    for at in range(4, 9):
        send(desk, f"keep/{at}", {**FILLED, "description": "少送两箱门店断货"[:at]}, kept=True)
    silent = send(desk, "keep/full", FILLED, kept=True)
    draft = seen(desk).draft
    row = desk.do(lambda uow: uow.drafts.get(draft))

    assert silent.lines == ()
    assert row is not None
    assert [given["key"] for given in row.answers].count("description") == 1
    assert "照片" in desk.say("程小满", "继续")


def test_a_question_that_came_up_is_shown_before_it_is_filed(desk: Desk) -> None:
    """
    Against the suggestion a reason is wanted: submitted without it, the form comes back with the question.
    """
    opened(desk)
    reply = send(desk, "submit", {**FILLED, "category": "quality"})

    assert (reply.draft, reply.question) == (seen(desk).draft, "handling_reason")
    assert "handling_reason" in asked(seen(desk))


def test_a_file_at_the_platform_is_part_of_the_form_before_it_is_here(desk: Desk) -> None:
    """
    A photo that lies at the platform belongs to the case at once and is fetched later; sent twice it is there once.
    """
    opened(desk)
    remote = Upload("label.png", "image/png", b"", remote="chat:F1")
    send(desk, "submit", {**FILLED, "quantity": "很多"}, files={"photos": (remote,)})
    send(desk, "again", FILLED, files={"photos": (remote,)})
    jobs = desk.do(lambda uow: uow.outbox.claim("test", "chat-files", 10))
    waiting = desk.look(CASE, lambda uow, case: len(uow.files.of_case(case.id)))
    data = jobs[0].payload["data"]
    looked = uploads.looked_at(Upload("label.png", "", photo(1)))
    for _ in range(2):
        fetching.arrived(desk.database, desk.company, data["attachment"], looked)  # type: ignore[index]
    here = desk.look(CASE, lambda uow, case: [(file.mime, file.size > 0) for file in uow.files.of_case(case.id)])

    assert (len(jobs), data["file"]) == (1, "F1")  # type: ignore[index]
    assert waiting == 0
    assert here == [("image/png", True)]


def test_a_file_that_is_none_is_told_about(desk: Desk) -> None:
    """
    What arrives is looked at: a web page instead of a photo is not kept, and whoever sent it hears so.
    """
    opened(desk)
    send(desk, "submit", FILLED, files={"photos": (Upload("label.png", "image/png", b"", remote="chat:F1"),)})
    job = desk.do(lambda uow: uow.outbox.claim("test", "chat-files", 10))[0]
    page = uploads.looked_at(Upload("label.png", "", b"<html>log in</html>"))
    fetching.arrived(desk.database, desk.company, job.payload["data"]["attachment"], page)  # type: ignore[index]
    desk.deliver()

    assert desk.heard("程小满", "label.png")
    assert desk.look(CASE, lambda uow, case: len(uow.files.of_case(case.id))) == 0


def test_a_message_becomes_a_complaint(desk: Desk) -> None:
    """
    A colleague's message with its photos begins a complaint: the words are its description, the photos lie with it.
    """
    message = Quoted("quote", WRITER, "complaint", "瀚途说右前下控制臂衬套有锈", (Upload("a.png", "", photo(2)),))
    switchboard.receive(desk.database, desk.company, message)
    kept = {question.field.key: question.value for question in seen(desk).questions}

    assert kept["description"] == "瀚途说右前下控制臂衬套有锈"
    assert isinstance(kept["photos"], tuple)
    assert len(kept["photos"]) == 1


def test_a_form_of_somebody_else_is_not_shown_nor_taken(desk: Desk) -> None:
    """
    Whoever knows the number of another's draft sees nothing of it and changes nothing.
    """
    form = opened(desk)
    thief = Sender("console", "丁雨禾")
    event = Answered("steal", thief, form.draft, FILLED, whole=True)
    reply = switchboard.receive(desk.database, desk.company, event)

    def theirs(uow: UnitOfWork) -> tuple[Whole | None, int]:
        turn = Turn(uow, desk.company, uow.organisation.person_by_name("丁雨禾"))
        return whole.shown(turn, form.draft), len(whole.options(turn, form.draft, "customer", ""))

    assert reply.lines == (whole.GONE,)
    assert desk.do(theirs) == (None, 0)


def test_what_is_typed_into_a_search_finds_it(desk: Desk) -> None:
    """
    A part of a customer's name finds it, with “new customer” beside it; no text offers the likeliest.
    """
    form = opened(desk)

    def found(text: str) -> list[str]:
        def look(uow: UnitOfWork) -> list[str]:
            turn = Turn(uow, desk.company, uow.organisation.person_by_name("程小满"))
            return [option.key for option in whole.options(turn, form.draft, "customer", text)]

        return desk.do(look)

    assert found("驰")[0] == "K07"
    assert found("驰")[-1] == "new"
    assert len(found("")) > 2
    assert found("没有这样的客户") == ["new"]
