"""An installation to plant faults in, the doctor sent for by its command, and a web server with any certificate."""

import datetime as dt
import http.server
import json
import socket
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import config, databases
from storage.unit_of_work import UnitOfWork
from tests.support.edge import Run

KEY = "k" * 43
SLACK = {"BOT_TOKEN": "xoxb-1", "SIGNING_SECRET": "0123456789abcdef" * 2, "API_BASE_URL": "http://127.0.0.1:9/api/"}
WECOM = {"CORP_ID": "ww1", "AGENT_ID": "1", "SECRET": "hunter2", "TOKEN": "t", "AES_KEY": KEY,
         "API_BASE_URL": "http://127.0.0.1:9"}  # fmt: skip


@dataclass
class Patient:
    """An installation of the sample company in the current folder."""

    run: Run
    patch: pytest.MonkeyPatch
    options: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        return Path("gukebot.toml")

    @property
    def data(self) -> Path:
        return Path("data")

    def set(self, section: str, **values: str) -> None:
        """Configure by the environment."""
        for key, value in values.items():
            self.patch.setenv(f"GUKEBOT_{section}__{key}".upper(), value)

    def write(self, text: str) -> None:
        """Write another configuration file."""
        self.file.write_text(text, encoding="utf-8")

    def do(self, job: Callable[[UnitOfWork], object]) -> None:
        """Change something by the proper way."""
        with databases.opened(config.load(self.file)) as database:
            database.do(job)

    def sql(self, *statements: str) -> None:
        """Change something behind everybody's back."""
        with closing(sqlite3.connect(self.data / "gukebot.db")) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def looked(self) -> "Looked":
        """Send for the doctor."""
        done = self.run(*self.options, "doctor", "--json")
        assert done.exit_code in (0, 1), done.output
        return Looked(done.exit_code, done.output, json.loads(done.stdout)["findings"])


@dataclass
class Looked:
    """What the doctor found."""

    exit_code: int
    output: str
    findings: list[dict[str, str]]

    @property
    def amiss(self) -> list[dict[str, str]]:
        """Whatever is not well."""
        return [each for each in self.findings if each["state"] != "ok"]

    def of(self, name: str, found: str) -> dict[str, str]:
        """The finding of a name that says this."""
        said = [each for each in self.findings if each["name"] == name]
        mine = [each for each in said if found in each["found"]]
        assert len(mine) == 1, said or self.findings
        return mine[0]


def certificate(folder: Path, name: str = "localhost", days: int = 90) -> Path:
    """A certificate of a name that lasts so many days from now, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return file


class _Answer(http.server.BaseHTTPRequestHandler):
    """Says that all is well, at the time its server is told to have."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        ahead = getattr(self.server, "ahead", 0.0)
        now = dt.datetime.now(dt.UTC).timestamp() if timestamp is None else timestamp
        return super().date_time_string(now + ahead)

    def log_message(self, *_words: object) -> None:
        return


@contextmanager
def serving(pem: Path | None = None, ahead: float = 0.0) -> Iterator[int]:
    """A web server with this certificate and this clock, on a port of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.handle_error = lambda *_words: None  # type: ignore[method-assign]  # whoever does not trust us hangs up
    server.ahead = ahead  # type: ignore[attr-defined]  # read by its handler
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def listening() -> Iterator[int]:
    """Somebody else's port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]
