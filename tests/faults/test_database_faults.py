"""Whatever happens to the embedded database: what it acknowledged is stored, once, and it comes back by itself."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.database import throwaway_cluster
from tests.faults.conftest import Writer

from klantbeeld.config.processes.cluster import Cluster
from klantbeeld.config.processes.embedded import Keeper
from klantbeeld.config.processes.errors import DatabaseError


def _kill_postmaster(cluster: Cluster) -> None:
    postmaster = cluster.find_postmaster()
    assert postmaster is not None
    postmaster.kill()


def _kill_everything(cluster: Cluster) -> None:
    postmaster = cluster.find_postmaster()
    assert postmaster is not None
    # The postmaster first: else it would start a new backend for the one that died.
    for process in [postmaster, *postmaster.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):  # one that has noticed by itself
            process.kill()


def _stop_immediately(cluster: Cluster) -> None:
    cluster.stop("immediate")


def _kill_a_backend(cluster: Cluster) -> None:
    postmaster = cluster.find_postmaster()
    assert postmaster is not None
    backends = [child for child in postmaster.children() if "postgres: kb_admin" in " ".join(child.cmdline())]
    assert backends, "the writer's own backend must be there"
    for backend in backends:
        backend.kill()


def _terminate_backends(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


def wait_for_server(cluster: Cluster) -> None:
    """Return when a new connection is answered; fails after a minute."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with cluster.connect() as connection:
                connection.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the database did not come back"
            time.sleep(0.05)


@pytest.mark.parametrize(
    "fault", [_kill_postmaster, _kill_everything, _stop_immediately, _kill_a_backend, _terminate_backends]
)
def test_acknowledged_is_stored_once_after(fault: Callable[[Cluster], None], cluster: Cluster, writer: Writer) -> None:
    said: list[str] = []
    keeper = Keeper(cluster, said.append)
    keeper.start()
    try:
        writer.wait_for(50)
        for _ in range(2):
            fault(cluster)
            # Backends of a killed postmaster write on for a moment; only a new connection shows that it is back.
            wait_for_server(cluster)
            writer.wait_for(50)
    finally:
        keeper.stop()
    writer.stop()
    stored = writer.stored()
    assert len(stored) == len(set(stored)), "nothing twice"
    assert set(writer.acknowledged) <= set(stored), "nothing acknowledged is lost"
    # A number whose answer was cut off may be there or not; nothing else may be.
    assert len(set(stored) - set(writer.acknowledged)) <= 2


def test_pid_file_of_a_gone_server_with_a_number_in_use_is_removed(cluster: Cluster) -> None:
    cluster.stop("immediate")
    pid_file = cluster.data / "postmaster.pid"
    # The number of a live process that is no server: our own.
    pid_file.write_text(f"{os.getpid()}\n{cluster.data}\n1\n5432\n{cluster.socket_dir}\n\n", encoding="utf-8")
    assert cluster.find_postmaster() is None
    said: list[str] = []
    cluster.start(said.append)
    assert said == ["removing the mark of a database server that is gone"]
    assert cluster.is_ready()


def test_running_server_is_adopted_not_started_twice(cluster: Cluster) -> None:
    before = cluster.find_postmaster()
    cluster.start()
    after = cluster.find_postmaster()
    assert before is not None
    assert after is not None
    assert before.pid == after.pid


def test_recovering_server_is_waited_for(cluster: Cluster, writer: Writer) -> None:
    writer.wait_for(20)
    writer.stop()
    _kill_everything(cluster)
    cluster.start()
    assert set(writer.acknowledged) <= set(writer.stored())


def test_other_major_version_is_refused_and_nothing_changed(cluster: Cluster) -> None:
    cluster.stop()
    version = cluster.data / "PG_VERSION"
    version.write_text("12\n", encoding="ascii")
    with pytest.raises(DatabaseError, match=r"was made by PostgreSQL 12; the installed programs are version .*upgrade"):
        cluster.start()
    assert cluster.find_postmaster() is None
    version.write_text(f"{cluster.programs.major}\n", encoding="ascii")


def test_unsafe_setting_is_refused(cluster: Cluster) -> None:
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("synchronous_commit = off\n")
    with pytest.raises(DatabaseError, match="synchronous_commit = off: what it acknowledges could be lost"):
        cluster.start()


def test_broken_configuration_is_told_with_the_log(cluster: Cluster) -> None:
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseError, match=r"unrecognized configuration parameter .no_such_setting."):
        cluster.start()


def test_socket_needs_a_password_and_there_is_no_other_way_in(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(cluster.socket_dir), user="kb_admin", dbname="postgres", password="guess")
    postmaster = cluster.find_postmaster()
    assert postmaster is not None
    assert [c for c in postmaster.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
    assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_log_of_the_server_holds_no_values(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE people (email text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('jansen@voorbeeld.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES (%s)", ["jansen@voorbeeld.example"])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT CAST((SELECT email FROM people) AS int)")
    text = cluster.log.read_text(encoding="utf-8")
    assert "database system is ready" in text, "the log is in use"
    assert "voorbeeld.example" not in text


def test_zombie_is_no_running_server(cluster: Cluster) -> None:
    """In a container whose first process reaps nobody, a killed server stays behind as a zombie."""
    cluster.stop()
    zombie = os.fork()
    if zombie == 0:
        os._exit(0)
    os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
    (cluster.data / "postmaster.pid").write_text(f"{zombie}\n{cluster.data}\n", encoding="utf-8")
    assert psutil.Process(zombie).status() == psutil.STATUS_ZOMBIE
    assert cluster.find_postmaster() is None
    cluster.start()
    os.waitpid(zombie, 0)
    assert cluster.is_ready()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the database as somebody else")
def test_home_that_the_database_user_cannot_reach_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DatabaseError, match=r"cannot reach .*closed to others.*KLANTBEELD_HOME"):
        throwaway_cluster(closed / "home").create()
