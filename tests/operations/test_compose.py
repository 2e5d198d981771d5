from tests.operations import compose

# PostgreSQL keeps 3 for its superuser; backup, restore and other commands need some.
KEPT_FREE = 13


def test_every_process_waits_for_the_migrations() -> None:
    waits = {
        name: service["depends_on"].get("prepare", {}).get("condition")
        for name, service in compose.site_services().items()
    }

    assert len(waits) >= 7
    assert set(waits.values()) == {"service_completed_successfully"}
    assert "manage.py migrate" in compose.services()["prepare"]["command"]


def test_every_service_has_a_health_check() -> None:
    without = [name for name, service in compose.services().items() if "healthcheck" not in service]

    assert without == ["prepare"]
    conditions = {
        needed["condition"]
        for service in compose.services().values()
        for name, needed in service.get("depends_on", {}).items()
        if name in compose.SERVERS
    }
    assert conditions == {"service_healthy"}


def test_all_pools_together_fit_the_database() -> None:
    reached = {
        name: compose.processes(service) * int(service["environment"]["CCD_DATABASE_POOL"])
        for name, service in compose.site_services().items()
    }

    assert sum(reached.values()) <= compose.max_connections() - KEPT_FREE, reached


def test_each_thread_of_a_page_finds_a_connection() -> None:
    """Requests use one each; the sign of life another one."""
    for name in ("web-a", "web-b"):
        env = compose.services()[name]["environment"]
        assert int(env["CCD_DATABASE_POOL"]) > int(env["CCD_WEB_THREADS"])


def test_every_queue_has_a_worker_and_mail_one_of_its_own() -> None:
    from hackathon.celery import app

    served = {
        name: set(queues.split(","))
        for name, service in compose.site_services().items()
        if (queues := compose.option(service, "--queues"))
    }

    assert set.union(*served.values()) == set(app.conf.task_queues)
    assert served["mail"] == {"mail"}
    assert sum("mail" in queues for queues in served.values()) == 1
