"""KMS developer guide, "Key states of AWS KMS keys": a disabled key fails with DisabledException, one that waits for its deletion
with KMSInvalidStateException; both can still be described, and work again when they are enabled."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(name="kms")
def kms_client(plane: Any) -> Any:
    return plane.client("kms")


def refusal(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def test_a_disabled_key_neither_encrypts_nor_decrypts_until_it_is_enabled(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/shop", TargetKeyId=key["KeyId"])
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"a")["CiphertextBlob"]
    kms.disable_key(KeyId=key["KeyId"])
    assert refusal(kms.decrypt, CiphertextBlob=sealed) == "DisabledException"
    for name in (key["KeyId"], key["Arn"], "alias/shop"):
        assert refusal(kms.encrypt, KeyId=name, Plaintext=b"a") == "DisabledException"
        assert refusal(kms.generate_data_key, KeyId=name, KeySpec="AES_256") == "DisabledException"
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Disabled"
    kms.enable_key(KeyId=key["KeyId"])
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"a"


def test_a_key_that_waits_for_its_deletion_does_no_work(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"a")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    assert refusal(kms.decrypt, CiphertextBlob=sealed) == "KMSInvalidStateException"


def test_a_ciphertext_of_no_key_is_judged_by_the_service(kms: Any) -> None:
    assert refusal(kms.decrypt, CiphertextBlob=base64.b64encode(b"nothing of ours")) == "InvalidCiphertextException"


def test_the_state_of_a_key_is_set_by_its_arn_as_well_as_by_its_id(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]

    def state() -> str:
        return str(kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"])

    kms.disable_key(KeyId=key["Arn"])
    assert state() == "Disabled"
    kms.enable_key(KeyId=key["Arn"])
    assert state() == "Enabled"
    kms.schedule_key_deletion(KeyId=key["Arn"], PendingWindowInDays=7)
    assert state() == "PendingDeletion"
    kms.cancel_key_deletion(KeyId=key["Arn"])
    assert state() == "Disabled"
    nobody = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    assert refusal(kms.disable_key, KeyId=nobody) == "NotFoundException"


def test_a_deletion_is_scheduled_and_cancelled_in_the_name_of_the_keys_arn(kms: Any) -> None:
    """KMS API reference, ScheduleKeyDeletion and CancelKeyDeletion: "KeyId: The Amazon Resource Name (key ARN)"."""
    key = kms.create_key()["KeyMetadata"]
    assert kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)["KeyId"] == key["Arn"]
    assert kms.cancel_key_deletion(KeyId=key["KeyId"])["KeyId"] == key["Arn"]
