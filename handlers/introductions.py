"""Who somebody is on a platform: a person of the company is known there from the day they first say something."""

from storage.unit_of_work import UnitOfWork


def introduce(uow: UnitOfWork, platform: str, platform_id: str, email: str) -> bool:
    """Bind an account of Slack to the person with its e-mail address; False when there is no such person alone.

    A person who has another account there keeps it: the administrator decides which one is theirs.
    """
    person = uow.organisation.person_by_email(email)
    if person is None or platform != "slack" or person.slack_id not in (None, "", platform_id):
        return False
    if person.slack_id != platform_id:
        person.slack_id = platform_id
        uow.audit.write(f"person:{person.id}", "known on slack", person.name, data={"slack_id": platform_id})
    return True


def estrange(uow: UnitOfWork, platform: str, platform_id: str) -> None:
    """An account is no longer one of staff: a guest, or gone. Nobody is known by it from now on."""
    person = uow.organisation.person_by_platform(platform, platform_id)
    if person is not None and platform == "slack":
        person.slack_id = None
        uow.audit.write(f"person:{person.id}", "not known on slack", person.name, data={"slack_id": platform_id})
