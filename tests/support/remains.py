"""What remains of words in a database: every column of every table, and the bytes of its files."""

from pathlib import Path

from sqlalchemy import MetaData, create_engine, make_url


def rows_with(url: str, *words: str) -> list[str]:
    """Where any of these words stands, found by looking at every value of every table as it is stored."""
    engine = create_engine(make_url(url).set(drivername=driver(url)))
    found = []
    with engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings():
                found += [f"{table.name}.{column}: {value}" for column, value in row.items()
                          for word in words if word.lower() in str(value).lower()]  # fmt: skip
    engine.dispose()
    return found


def driver(url: str) -> str:
    """The driver the product uses, too."""
    return "sqlite" if url.startswith("sqlite") else "postgresql+psycopg"


def files_with(folder: Path, *words: str) -> list[str]:
    """The files under a folder that hold any of these words, in any of the ways that text is written in files."""
    forms = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "gb18030")]
    forms += [word.encode("unicode_escape") for word in words]
    return [
        f"{path.name}: {form!r}"
        for path in sorted(folder.rglob("*")) if path.is_file()
        for content in [path.read_bytes()] for form in forms if form in content
    ]  # fmt: skip
