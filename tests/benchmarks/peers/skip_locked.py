"""Draining the outbox with nothing but SQL: claim a batch, mark it as sent, until there is none."""

import psycopg

CLAIM = """update outbox set state = 'sending', attempts = attempts + 1, fence = fence + 1,
    leased_until = now() + interval '1 minute' where id in (
        select id from outbox where state = 'pending' and next_at <= %s
        order by priority, next_at, id limit %s for update skip locked)
    returning id, fence, payload"""
SENT = "update outbox set state = 'sent', sent_at = now() where id = any(%s) and state = 'sending'"


def drain(dsn: str, now: str, batch: int) -> int:
    """Everything that is due; how many there were."""
    done = 0
    with psycopg.connect(dsn) as connection:
        while claimed := connection.execute(CLAIM, (now, batch)).fetchall():
            connection.commit()
            connection.execute(SENT, ([row for row, _, _ in claimed],))
            connection.commit()
            done += len(claimed)
    return done
