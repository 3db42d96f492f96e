"""KMS API reference, Decrypt: another context, key or ciphertext is refused. moto's own functions run with the page's cipher."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from moto.kms import utils
from moto.kms.exceptions import InvalidCiphertextException

from sandbox.control_plane import browser_kms

ID = "0b3c1a52-5f6e-4c7d-8e9f-0123456789ab"


@pytest.fixture(name="keys")
def page_without_a_crypto_library(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name in ("Cipher", "algorithms", "modes", "default_backend"):
        monkeypatch.setattr(utils, name, getattr(utils, name))
    browser_kms.install(SimpleNamespace(generate_private_key=str.upper), utils)
    return {ID: SimpleNamespace(key_material=b"k" * 32)}


@pytest.mark.parametrize("text", [b"x", b"a text", b"\x00" * 32, bytes(range(256)) * 16])
def test_what_was_sealed_opens_under_its_context_only(keys: dict[str, Any], text: bytes) -> None:
    sealed = utils.encrypt(keys, ID, text, {"function": "f"})
    assert text not in sealed[52:] or len(text) == 1
    assert utils.decrypt(keys, sealed, {"function": "f"}) == (text, ID)
    with pytest.raises(InvalidCiphertextException):
        utils.decrypt(keys, sealed, {"function": "g"})


def test_a_changed_byte_or_another_key_opens_nothing(keys: dict[str, Any]) -> None:
    sealed = utils.encrypt(keys, ID, b"a text", {})
    for place in range(len(ID), len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(InvalidCiphertextException):
            utils.decrypt(keys, changed, {})
    with pytest.raises(InvalidCiphertextException):
        utils.decrypt({ID: SimpleNamespace(key_material=b"o" * 32)}, sealed, {})


def test_the_same_text_is_never_sealed_twice_in_the_same_way(keys: dict[str, Any]) -> None:
    assert len({utils.encrypt(keys, ID, b"a text", {}) for _ in range(5)}) == 5


def test_only_asymmetric_keys_ask_for_a_private_key() -> None:
    models = SimpleNamespace(generate_private_key=str.lower)
    browser_kms.install(models, SimpleNamespace())
    assert [models.generate_private_key(spec) for spec in ("SYMMETRIC_DEFAULT", "HMAC_256", "RSA_2048")] == [
        None,
        None,
        "rsa_2048",
    ]
