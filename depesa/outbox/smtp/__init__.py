"""The conversation with a mail server; `connection` speaks SMTP, `wire` carries lines and replies."""

from depesa.outbox.smtp.connection import Connection, Encryption, NotOpenedError, Server, Timeouts
