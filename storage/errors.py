"""The named errors of storage: what a caller can do about each is in its docstring."""


class StorageError(Exception):
    """Anything that storage refuses or cannot do."""


class ConflictError(StorageError):
    """Someone else was first (a unique key, a row version, a deadlock): run the job again."""


class BusyError(StorageError):
    """The database did not answer within our patience: say so, and let the sender try again."""


class UnsafeDatabaseError(StorageError):
    """The database would not keep what it confirms, or cannot be used: do not start."""


class NaiveTimeError(StorageError, TypeError):
    """An instant without a zone was about to be stored: hand in aware UTC."""


class SchemaError(StorageError):
    """The tables are not those that this version needs; the message says what to run."""


class AlreadyRunningError(StorageError):
    """Another process holds this database; the message names it."""


class DelegateCircleError(StorageError):
    """People on leave name each other as delegates: a person must be named."""


class DamagedFileError(StorageError):
    """A stored file is missing, or is not what was stored."""


class LeaseLostError(StorageError):
    """The lease went to another process: stop, and write nothing."""
