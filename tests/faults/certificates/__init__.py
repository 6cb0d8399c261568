"""Certificates for the sink, good and bad; made once by `python -m tests.faults.certificates`, good for a century."""

import ssl
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
GOOD, EXPIRED, WRONG_NAME, SELF_SIGNED = "good", "expired", "wrong-name", "self-signed"
LONG, PAST = ("20200101000000Z", "21200101000000Z"), ("20200101000000Z", "20200102000000Z")
# `openssl ca` alone can date a certificate back in every version; it wants a small office for that.
AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n"
SERVER = "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
OFFICE = """
[ca]
default_ca=office
[office]
database=index.txt
new_certs_dir=.
rand_serial=yes
default_md=sha256
policy=any
unique_subject=no
[any]
commonName=supplied
"""


def server_context(name: str) -> ssl.SSLContext:
    """Return what a server with this certificate speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / f"{name}.pem")
    return context


def client_context() -> ssl.SSLContext:
    """Return what a client trusts that knows our authority and nobody else."""
    return ssl.create_default_context(cafile=FOLDER / "authority.crt")


def make_all() -> None:
    """Make an authority and every certificate anew; its key is thrown away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "office.cnf").write_text(OFFICE)
        (folder / "index.txt").touch()
        _issue(folder, "authority", "Depesa test authority", AUTHORITY, LONG)
        (FOLDER / "authority.crt").write_text((folder / "authority.crt").read_text())
        for certificate, host, dates in (
            (GOOD, "localhost", LONG),
            (EXPIRED, "localhost", PAST),
            (WRONG_NAME, "elsewhere.example", LONG),
            (SELF_SIGNED, "localhost", LONG),
        ):
            names = f"subjectAltName=DNS:{host}" + (",IP:127.0.0.1" if host == "localhost" else "")
            _issue(folder, certificate, host, f"{SERVER}{names}", dates)
            own = [(folder / f"{certificate}.{part}").read_text() for part in ("key", "crt")]
            (FOLDER / f"{certificate}.pem").write_text("".join(own))


def _issue(folder: Path, name: str, subject: str, extensions: str, dates: tuple[str, str]) -> None:
    (folder / f"{name}.ext").write_text(extensions)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")
    files = ("-keyout", f"{name}.key", "-out", f"{name}.csr")
    signer = ("-selfsign", "-keyfile", f"{name}.key")
    if name not in ("authority", SELF_SIGNED):
        signer = ("-cert", "authority.crt", "-keyfile", "authority.key")
    period = ("-startdate", dates[0], "-enddate", dates[1], "-extfile", f"{name}.ext")
    out = ("-in", f"{name}.csr", "-out", f"{name}.crt")
    for command in (
        ("openssl", "req", "-new", "-subj", f"/CN={subject}", *curve, *files),
        ("openssl", "ca", "-batch", "-notext", "-config", "office.cnf", *out, *period, *signer),
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
