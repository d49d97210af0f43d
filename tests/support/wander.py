"""People who do at random whatever the bot offers them, so that no path of a procedure is left untried."""

import random
from datetime import timedelta

from conversations.replies import Reply
from tests.support.desk import Desk

EVERYBODY = ("程小满", "顾晓岚", "梁可欣", "沈知衡", "方大勇", "韩立群", "邱铁成", "陆明舟")
WAYS = ("back", "skip", "cancel", "done_files", "details", "undo", "submit")
TYPED = ("周三补发", "12", "11-27", "明天10:00", "18:30", "程小满", "82", "查明为定位销磨损", "汪店长")
LONGEST = 40
"""More answers than any form asks for: whoever needs more is lost."""


class Wanderer:
    """Chooses by a seed: the same seed, the same walk."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self._random = random.Random(seed)

    def step(self, numbers: list[str]) -> str:
        """Somebody does something that is possible on one of these cases; who did it, or nothing when nobody could."""
        if not numbers:
            return ""
        person, number = self._random.choice(EVERYBODY), self._random.choice(numbers)
        self.desk.say(person, f"操作 {number}")
        offered = [each for each in self._reply(person).buttons if each.subject == number]
        if not offered:
            return ""
        self._later()
        self.desk.decide(person, self._random.choice(offered).action.partition(":")[0], number)
        return person if self._filled(person) else ""

    def undo(self, person: str) -> str:
        """They think better of it."""
        self._later()
        return self.desk.tap(person, "undo")

    def _filled(self, person: str) -> bool:
        """Answer whatever is asked; whether it led to something that can be taken back."""
        for _ in range(LONGEST):
            reply = self._reply(person)
            if not reply.draft:
                return any(button.action == "undo" for button in reply.buttons)
            self._answer(person, reply)
        self.desk.say(person, "取消")
        return False

    def _answer(self, person: str, reply: Reply) -> None:
        options = [button.action for button in reply.buttons if button.action.startswith("option:")]
        ways = {button.action for button in reply.buttons}
        if "done_files" in ways:
            self.desk.tap(person, "done_files")
        elif options and self._random.random() < 0.9:
            self.desk.tap(person, self._random.choice(options))
        elif "skip" in ways:
            self.desk.tap(person, "skip")
        elif reply.question in ("photos", "proof", "minutes"):
            self.desk.photos(person)
        else:
            self.desk.say(person, self._random.choice(TYPED))

    def _reply(self, person: str) -> Reply:
        return self.desk.console(person).reply

    def _later(self) -> None:
        self.desk.clock.set(self.desk.clock() + timedelta(seconds=self._random.randint(1, 20)))
