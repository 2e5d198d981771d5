from celery import shared_task


@shared_task
def run_small(pk: int) -> None:
    from hackathon.rehearsal import services

    services.run(pk)
