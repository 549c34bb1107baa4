"""What we write into the configuration of the embedded database, and what must be on before anything is stored."""

from __future__ import annotations

import os
from pathlib import Path

# Acknowledged means stored: these three are asserted on the running server, whatever its files say.
GUARANTEES = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_THROW_AWAY = {**dict.fromkeys(GUARANTEES, "off"), "wal_level": "minimal", "max_wal_senders": "0"}


def memory_mb() -> int:
    """Memory of this machine in MB (1 MB = 2^20 bytes)."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def configuration(socket_dir: Path, *, durable: bool, memory: int) -> str:
    """The text of klantbeeld.conf. `memory` in MB; `durable=False` is for throw-away clusters of tests only."""
    values = {
        # Only through the socket, in a folder of mode 0700: nothing to reach from outside.
        "listen_addresses": "''",
        "unix_socket_directories": _quoted(str(socket_dir)),
        "unix_socket_permissions": "0700",
        "password_encryption": "'scram-sha-256'",
        "max_connections": "100",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "datestyle": "'iso, ymd'",
        # A share of a machine that also runs our own processes.
        "shared_buffers": f"'{min(max(memory // 8, 64), 2048)}MB'",
        "effective_cache_size": f"'{max(memory // 2, 128)}MB'",
        "work_mem": "'16MB'",
        "maintenance_work_mem": f"'{min(max(memory // 32, 64), 512)}MB'",
        "max_wal_size": "'2GB'",
        "checkpoint_timeout": "'15min'",
        "wal_compression": "'pglz'",
        # Solid-state disks; and our statements are short, so compiling them costs more than it saves.
        "random_page_cost": "1.1",
        "jit": "off",
        # The log must not carry customers' numbers, names or addresses: no statements, no parameters, and no errors of
        # statements, whose texts quote values; the process that made the statement has them.
        "log_min_messages": "'log'",
        "log_statement": "'none'",
        "log_min_error_statement": "'panic'",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "'terse'",
        "log_line_prefix": "'%m [%p] '",
        "log_checkpoints": "off",
        "idle_in_transaction_session_timeout": "'10min'",
    }
    values |= (
        GUARANTEES if durable else {**dict.fromkeys(GUARANTEES, "off"), "wal_level": "minimal", "max_wal_senders": "0"}
    )
    head = "# Written by klantbeeld at every start; put your own settings in postgresql.conf below the include line.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in values.items())


def access_rules() -> str:
    """The text of pg_hba.conf: passwords (SCRAM, RFC 7677) over the socket, and nothing else."""
    return "# Written by klantbeeld.\nlocal  all  all  scram-sha-256\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
