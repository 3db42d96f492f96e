"""Object bytes straight out of moto, for Lambda's ``Code.S3Bucket``."""

from __future__ import annotations

from sandbox.control_plane.world import World
from sandbox.errors import AwsError


def fetch_s3(world: World, account_id: str, bucket: str, key: str, version: str = "") -> bytes:
    """The bytes of an object (of one version). AwsError NoSuchBucket, NoSuchKey or NoSuchVersion, as S3 words them."""
    with world.entered():
        holder = world.backends("s3")
        owner = holder.bucket_accounts.get(bucket, ("", account_id))[1]
        found = holder[owner]["aws"].buckets.get(bucket)
        if found is None:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
        versions = found.keys.getlist(key, default=[])
        wanted = [row for row in versions if not version or str(row.version_id) == version]
        if not wanted and version:
            raise AwsError("NoSuchVersion", "The specified version does not exist.", 404)
        if not wanted or not hasattr(wanted[-1], "value"):  # nothing there, or a delete marker
            raise AwsError("NoSuchKey", "The specified key does not exist.", 404)
        return bytes(wanted[-1].value)
