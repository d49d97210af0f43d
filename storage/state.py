"""A few facts the house must remember between runs, each under its own key."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import JsonText, Row
from storage.upsert import insert_missing


class StateRow(Row):
    """One remembered fact."""

    __tablename__ = "state"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[object] = mapped_column(JsonText())


class State:
    """Remember and recall."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str) -> object | None:
        """What was remembered; None when nothing was."""
        return self._session.execute(select(StateRow.value).where(StateRow.key == key)).scalar_one_or_none()

    def held(self, key: str) -> object | None:
        """The same, and nobody else may change it before our commit."""
        asked = select(StateRow.value).where(StateRow.key == key).with_for_update()
        return self._session.execute(asked).scalar_one_or_none()

    def among(self, keys: Iterable[str]) -> list[str]:
        """Which of these keys something was remembered under."""
        return list(self._session.scalars(select(StateRow.key).where(StateRow.key.in_(list(keys)))))

    def put_missing(self, key: str, value: object) -> bool:
        """Remember, unless something is remembered under this key already; whether it was not."""
        return insert_missing(self._session, StateRow, [{"key": key, "value": value}]) == 1

    def put(self, key: str, value: object) -> None:
        """Remember (plain JSON)."""
        if insert_missing(self._session, StateRow, [{"key": key, "value": value}]) == 0:
            change = update(StateRow).where(StateRow.key == key).values(value=value)
            self._session.execute(change, execution_options={"synchronize_session": False})
