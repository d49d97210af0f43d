"""What has happened: rows, the unit of work, inbox, outbox, audit trail, files, migrations."""
