"""Column types as the revisions use them: frozen here, whatever the rows become later."""

import sqlalchemy as sa

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
