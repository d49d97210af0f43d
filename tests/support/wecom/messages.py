"""message/send: to whom, whether it was said before, and what comes back."""

import json
from datetime import timedelta
from typing import Any

from tests.support.wecom.bodies import TO_MEMBERS, body_of
from tests.support.wecom.cards import INTERACTIVE, Place
from tests.support.wecom.endpoints import Asked, Endpoint
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.rates import DAY
from tests.support.wecom.world import Json, World

LISTS = {"touser": (1000, 40032), "toparty": (100, 82002), "totag": (100, 82003)}
REPEAT, REPEAT_MOST = 1800, 14_400
PER_ACCOUNT = 200


def send(asked: Asked) -> Json:
    """Send to whoever of the named is there; the others come back in lower case, and the errcode is 0."""
    world, args = asked.world, asked.args
    given = _given(args)
    asked.agent(args.get("agentid"))
    kind, body = body_of(Place(world, asked.app), args, TO_MEMBERS)
    people, invalid = _recipients(world, given)
    if not people:
        raise RefusedError(81013)
    if _said_before(asked, once := (asked.app.agent, json.dumps(args, sort_keys=True))):
        # whether the first answer's msgid comes again is not known: a product must do without
        return {**invalid, "msgid": ""}
    day = (PER_ACCOUNT * world.limits.accounts, DAY)
    refuse(not world.rates.take(("day", asked.app.agent), world.now(), day, weight=len(people)), 45009)
    message = world.new(asked.app.agent, kind, body)
    world.said[once] = message.at
    message.readers = world.reaches(people, message, "member", world.limits.member)
    world.messages.append(message)
    answer = {**invalid, "msgid": message.number}
    if kind == "template_card":
        if body.get("task_id"):
            world.task_ids.add((asked.app.agent, body["task_id"]))
        if body["card_type"] in INTERACTIVE:
            answer["response_code"] = world.response_code(message, asked.app.agent)
    return answer


def _given(args: Json) -> dict[str, list[str]]:
    found = {}
    for name, (most, code) in LISTS.items():
        value = args.get(name, "")
        refuse(not isinstance(value, str), 40058, f"{name} is no string")
        found[name] = [each.strip() for each in value.split("|") if each.strip()]
        refuse(len(found[name]) > most, code)
    refuse(not any(found.values()), 82001)
    return found


def _recipients(world: World, given: dict[str, list[str]]) -> tuple[list[str], Json]:
    if given["touser"] == ["@all"]:
        everybody = [each.userid for each in world.members.values() if each.visible]
        return everybody, {}
    return recipients(world, given["touser"], given["toparty"], given["totag"])


def recipients(world: World, users: list[Any], parties: list[Any], tags: list[Any]) -> tuple[list[str], Json]:
    """Those who are there, each once; and the names of nobody, as WeCom gives them back."""
    people, unknown = world.people(map(str, users))
    visible = [each for each in world.members.values() if each.visible]
    found = {
        "invalidparty": {
            str(party): [m.userid for m in visible if str(party) in map(str, m.parties)] for party in parties
        },
        "invalidtag": {str(tag): [m.userid for m in visible if str(tag) in map(str, m.tags)] for tag in tags},
    }
    people += [userid for groups in found.values() for group in groups.values() for userid in group]
    invalid = {name: "|".join(key for key, group in groups.items() if not group) for name, groups in found.items()}
    invalid["invaliduser"] = "|".join(unknown)
    return list(dict.fromkeys(people)), {name: words for name, words in invalid.items() if words}


def _said_before(asked: Asked, once: tuple[int, str]) -> bool:
    """The same JSON within the interval is not delivered again."""
    if not asked.args.get("enable_duplicate_check"):
        return False
    interval = asked.args.get("duplicate_check_interval", REPEAT)
    refuse(not isinstance(interval, int) or not 0 < interval <= REPEAT_MOST, 40058, "duplicate_check_interval")
    before = asked.world.said.get(once)
    return before is not None and asked.world.fresh(before, timedelta(seconds=interval))


ENDPOINTS = {
    "message/send": Endpoint(send, empty={"invaliduser": "", "invalidparty": "", "invalidtag": "", "msgid": ""}),
}
