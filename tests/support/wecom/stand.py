"""The stand: the fake with the sample company in it, a robot for every department's group, and two apps."""

import tomllib
import uuid
from pathlib import Path
from typing import Any

import handlers
from tests.support.wecom.server import Fake
from tests.support.wecom.world import AGENT, OTHER_AGENT, SECRETS, App, Member, Robot, World

COMPANY = Path(handlers.__file__).parent / "sample" / "company.toml"
SECRET, OTHER_SECRET = "standSecretOfTheApp", "standSecretOfAnotherApp"
ROBOTS = uuid.UUID("6f1d0c52-1f2e-4f6b-9a53-0d5a8f0c7e11")


def userid_of(email: str) -> str:
    """A userid with capitals, which come back small: cheng.xiaoman@... is ChengXiaoman."""
    return "".join(part.capitalize() for part in email.partition("@")[0].split("."))


def people() -> tuple[Member, ...]:
    """Everybody of the sample company who has an e-mail address."""
    company = tomllib.loads(COMPANY.read_text(encoding="utf-8"))
    parties = {each["name"]: number for number, each in enumerate(company["departments"], start=2)}
    return tuple(
        Member(userid_of(each["email"]), each["name"], (parties[each["department"]],))
        for each in company["people"]
        if each.get("email")
    )


def groups() -> tuple[str, ...]:
    """The groups of the sample company's departments."""
    company = tomllib.loads(COMPANY.read_text(encoding="utf-8"))
    return tuple(dict.fromkeys(each["channel_name"] for each in company["departments"]))


class Stand(Fake):
    """WeCom for a story: what an administrator would copy into the product's settings, and who is who."""

    corp_id = SECRETS.corp_id
    agent_id = AGENT
    secret = SECRET
    token = SECRETS.token
    aes_key = SECRETS.aes_key
    other_agent, other_secret = OTHER_AGENT, OTHER_SECRET

    def open(self, members: tuple[Member, ...] | None = None, robots: tuple[str, ...] | None = None) -> World:
        """A new company with these people and robots, else the sample company; what was before is gone."""
        world = self.renew()
        world.add(people() if members is None else members)
        world.apps = {AGENT: App(AGENT, SECRET), OTHER_AGENT: App(OTHER_AGENT, OTHER_SECRET)}
        for name in groups() if robots is None else robots:
            self.add_robot(name)
        return world

    def add_robot(self, name: str) -> str:
        """A robot for a group; its key, the same one for the same name."""
        key = str(uuid.uuid5(ROBOTS, name))
        self.world.robots[key] = Robot(key, name)
        return key

    @property
    def settings(self) -> dict[str, Any]:
        """The product's settings under `wecom`."""
        return {
            "corp_id": self.corp_id, "agent_id": self.agent_id, "secret": self.secret, "token": self.token,
            "aes_key": self.aes_key, "api_base_url": self.api,
        }  # fmt: skip

    @property
    def app(self) -> App:
        """The product's app."""
        return self.world.apps[AGENT]

    def userid(self, who: str) -> str:
        """Somebody's userid, by name or by itself; KeyError for nobody."""
        found = self.world.members.get(who.lower())
        return found.userid if found else {each.name: each.userid for each in self.world.members.values()}[who]

    def key(self, group: str) -> str:
        """The key of a group's robot."""
        return next(key for key, robot in self.world.robots.items() if robot.name == group)

    def webhook(self, group: str) -> str:
        """The address that an administrator copies."""
        return f"{self.api}webhook/send?key={self.key(group)}"
