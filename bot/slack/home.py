"""The App Home: somebody's home in Slack's shape, published when they look at it and soon after a change."""

from collections.abc import Callable

import structlog
from slack_sdk import WebClient

from bot.app import App
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.calls import RefusedError, call
from conversations.replies import Button
from conversations.words import N_, Said, said
from handlers import home as homes
from handlers import personal
from handlers.company import Company
from handlers.home import Home
from handlers.switchboard import UNKNOWN_PERSON
from handlers.turn import Turn
from notifications.gateway import DeliveryError, Letter
from storage.database import Database
from storage.unit_of_work import UnitOfWork

log = structlog.stdlib.get_logger("bot.slack.home")

LATE = "▲ "
"""Before what is wrong or over: seen at a glance, and said in words behind it."""

Say = Callable[[Said], str]


def opened(client: WebClient, app: App, slack_id: str) -> None:
    """Somebody looks at their home (``app_home_opened``, tab ``home``): it is published, from now on after changes too.

    One who is not known is told whom to ask. What Slack refuses is logged; the next look is another try.
    """
    app.database.do(lambda uow: homes.opened(_turn(uow, app.company, slack_id)))
    show(client, app, slack_id)


def show(client: WebClient, app: App, slack_id: str) -> None:
    """Publish somebody's home at once: they tapped something there. What Slack refuses is logged."""
    drawn = app.database.look(lambda uow: _drawn(_turn(uow, app.company, slack_id)))
    try:
        call(client, "views.publish", again=True, user_id=slack_id, view=drawn)
    except (DeliveryError, RefusedError) as error:
        log.warning("a home was not published", cause=str(error))


def publish(client: WebClient, database: Database, company: Company, letter: Letter) -> str:
    """Publish the home that a letter of topic ``home`` is about; the receipt is empty, for nothing is edited later.

    Raises DeliveryError when it was not taken. It may be published any number of times: a lost answer is no loss.
    """
    person = int(letter.address.partition(":")[2])
    drawn = database.look(lambda uow: _drawn(Turn(uow, company, uow.organisation.person(person), "slack")))
    if not letter.place.id:
        raise DeliveryError("this person has no Slack id", lasting=True)
    try:
        call(client, "views.publish", again=True, user_id=letter.place.id, view=drawn)
    except RefusedError as error:
        # nobody else is to hear of it: a home is looked at, or it is not
        raise DeliveryError(f"Slack: {error.error}", lasting=True) from error
    return ""


def _turn(uow: UnitOfWork, company: Company, slack_id: str) -> Turn:
    return Turn(uow, company, uow.organisation.person_by_platform("slack", slack_id), "slack")


def _drawn(turn: Turn) -> Block:
    found = homes.shown(turn)
    if found is None:
        return {"type": "home", "blocks": [blocks.section(turn.say(UNKNOWN_PERSON))]}
    return view(found, turn.say)


def view(home: Home, say: Say) -> Block:
    """The home as a view of at most 60 blocks; what is chosen in its lists stands in their block_ids.

    A phone keeps what was chosen in a block of the same id, whatever is published.
    """
    body = [
        blocks.header(say(home.greeting)),
        blocks.section(say(home.counts)),
        *(blocks.section(f"{LATE}{say(banner)}") for banner in home.banners),
        _buttons("starts", home.starts, say),
        blocks.divider(),
        *_cases(home, say),
        *_drafts(home, say),
        blocks.divider(),
        *_settings(home, say),
    ]
    return {"type": "home", "callback_id": "home", "blocks": body}


def _buttons(block_id: str, buttons: tuple[Button, ...], say: Say) -> Block:
    elements = [
        blocks.button((each.action, say(each.label), each.subject), main=each.main, nth=nth)
        for nth, each in enumerate(buttons)
    ]
    return {"type": "actions", "block_id": block_id, "elements": elements}


def _beside(block_id: str, text: str, accessory: Block) -> Block:
    """A paragraph with something to tap beside it."""
    return {**blocks.section(text), "block_id": block_id, "accessory": accessory}


def _select(action: str, options: list[tuple[str, str]], chosen: str) -> Block:
    """A list to choose from; each option carries its own action."""
    made = [{"text": blocks.plain(label, blocks.OPTION), "value": blocks.value(act, "")} for act, label in options]
    initial = next(option for option, (act, _) in zip(made, options, strict=True) if act == chosen)
    return {"type": "static_select", "action_id": action, "options": made, "initial_option": initial}


def _cases(home: Home, say: Say) -> list[Block]:
    """The list that is looked at, with its page of cases and the way to the others."""
    lists = [(f"home:{key}:0", say(name)) for key, name in home.lists]
    select = _select("list", lists, f"home:{home.showing}:0")
    last = home.first + len(home.rows)
    seen = said(N_("{first} to {last} of {n}"), first=home.first + 1, last=last, n=home.total)
    head = say(seen if home.rows else said(N_("There is nothing in this list.")))
    drawn = [_beside(f"list:{home.showing}:{home.total}", head, select), *(_case(row, say) for row in home.rows)]
    ways = []
    if home.first:
        back = max(home.first - homes.MOST_ROWS, 0)
        ways.append(Button(f"home:{home.showing}:{back}", said(N_("Previous"))))
    if last < home.total:
        ways.append(Button(f"home:{home.showing}:{last}", said(N_("Next"))))
    return [*drawn, _buttons("pages", tuple(ways), say)] if ways else drawn


def _case(row: homes.Row, say: Say) -> Block:
    text = f"{blocks.cut(say(row.what), 90)}\n{LATE if row.late else ''}{say(row.stands)}"
    button = blocks.button((row.button.action, say(row.button.label), row.button.subject), main=False)
    return _beside(f"case:{row.number}", text, button)


def _drafts(home: Home, say: Say) -> list[Block]:
    if not home.drafts:
        return []
    drawn = [blocks.divider(), blocks.header(say(said(N_("Drafts"))))]
    for pending in home.drafts:
        ways = (
            Button(f"resume:{pending.id}", said(N_("Go on"))),
            Button(f"drop_draft:{pending.id}", said(N_("Drop"))),
        )
        drawn.append(blocks.section(f"{say(pending.title)}\n{say(pending.line)}"))
        drawn.append(_buttons(f"draft:{pending.id}", ways, say))
    if home.more_drafts:
        drawn.append(blocks.foot(say(said(N_("… and {n} more."), n=home.more_drafts))))
    return drawn


def _settings(home: Home, say: Say) -> list[Block]:
    """Everything that a person sets for themselves, each with what changes it."""
    mine = home.settings
    languages = [(f"set:language:{key}", say(said(name))) for key, name in personal.LANGUAGES.items()]
    chosen = _select("language", languages, f"set:language:{home.language}")
    drawn = [
        blocks.header(say(said(N_("Settings")))),
        _beside(f"language:{home.language}", say(said(N_("Language"))), chosen),
    ]
    for topic, label in personal.TOPICS.items():
        muted = topic in mine.muted
        state = say(said(N_("Notices: {topic} ({state})"), topic=said(label),
                         state=said(N_("muted") if muted else N_("on"))))  # fmt: skip
        act = f"set:{'hear' if muted else 'silence'}:{topic.value}"
        words = say(said(N_("Hear again") if muted else N_("Mute")))
        drawn.append(_beside(f"topic:{topic.value}", state, blocks.button((act, words, ""))))
    drawn += [_hours("quiet_from", N_("Quiet from"), f"{mine.quiet_from:%H:%M}", say),
              _hours("quiet_until", N_("Quiet until"), f"{mine.quiet_until:%H:%M}", say),
              blocks.foot(say(personal.quiet(mine)))]  # fmt: skip
    leave = blocks.button(("leave", say(said(N_("Enter leave"))), ""))
    drawn.append(_beside("leave", say(home.leave), leave))
    return drawn


def _hours(kind: str, label: str, at: str, say: Say) -> Block:
    hours = sorted({*personal.HOURS, at})
    select = _select(kind, [(f"set:{kind}:{hour}", hour) for hour in hours], f"set:{kind}:{at}")
    return _beside(f"{kind}:{at}", say(said(label)), select)


SILENT = frozenset({"home", "set", "drop_draft"})
"""Kinds of actions after which the home is shown anew and nothing else; any other is answered in a modal."""
