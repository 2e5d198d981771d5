import hashlib
import uuid
from pathlib import Path
from typing import Any

import boto3

from submissions.storage import UploadFile, deposit_key
from submissions.storage_s3 import DepositBucket
from tests.conftest import NOON

MB = 1_000_000
SEED = uuid.UUID(int=7)
NAME = deposit_key(SEED)
KEY = f"deposits/{NAME}"


class Store:
    def __init__(self, address: str) -> None:
        self.bucket = f"ccd-{uuid.uuid4().hex}"
        self.options: dict[str, Any] = {
            "bucket_name": self.bucket,
            "endpoint_url": address,
            "region_name": "eu-west-3",
            "access_key": "key",
            "secret_key": "secret",
            "location": "deposits",
        }
        self.client = boto3.client(
            "s3",
            endpoint_url=address,
            region_name="eu-west-3",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        self.make()

    def make(self) -> None:
        self.client.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
        )

    def remove(self) -> None:
        """With all that it has."""
        for found in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", ()):
            self.client.delete_object(Bucket=self.bucket, Key=found["Key"])
        self.client.delete_bucket(Bucket=self.bucket)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CCD_S3_BUCKET": self.bucket,
            "CCD_S3_ENDPOINT": self.options["endpoint_url"],
            "CCD_S3_REGION": "eu-west-3",
            "CCD_S3_ACCESS_KEY": "key",
            "CCD_S3_SECRET_KEY": "secret",
        }

    def content(self, name: str) -> bytes:
        found = self.client.get_object(Bucket=self.bucket, Key=f"deposits/{name}")
        content: bytes = found["Body"].read()
        return content

    def uploads(self) -> list[dict[str, Any]]:
        found = self.client.list_multipart_uploads(Bucket=self.bucket)
        return list(found.get("Uploads", ()))

    def parts(self) -> set[int]:
        return {
            part["PartNumber"]
            for upload in self.uploads()
            for part in self.client.list_parts(
                Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            ).get("Parts", ())
        }


def noise(size: int) -> bytes:
    # No two parts are equal.
    return hashlib.shake_128(b"noise").digest(size)


def whole(path: Path) -> UploadFile:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return UploadFile(path, "film.mp4", sha256=digest, received_at=NOON, seed=SEED)


def requests(bucket: DepositBucket) -> list[str]:
    asked: list[str] = []
    bucket.client.meta.events.register(
        "before-call.s3", lambda model, **_more: asked.append(model.name)
    )
    return asked
