"""KMS's symmetric keys where the crypto library is a stand-in (``browser_stubs``): the page.

Nobody but the account reads its ciphertexts, so a stream and a tag of HMAC-SHA-256 take the place of AES-GCM. What callers see
stays: another context, key or byte is an InvalidCiphertextException. Asymmetric keys are still refused by name.
"""

from __future__ import annotations

import hashlib
import hmac
from types import SimpleNamespace
from typing import Any

_TAG_BYTES = 16


class _Cipher:
    """The parts of ``cryptography``'s Cipher that ``moto.kms.utils`` uses. ``mode`` is (iv, tag); tag is empty to encrypt."""

    def __init__(self, key: bytes, mode: tuple[bytes, bytes], backend: object = None) -> None:
        del backend
        self._key = key
        self._iv, self._expected = mode
        self._context = self.tag = b""

    def encryptor(self) -> _Cipher:
        return self

    def decryptor(self) -> _Cipher:
        return self

    def authenticate_additional_data(self, data: bytes) -> None:
        self._context = data

    def update(self, data: bytes) -> bytes:
        """Everything in one piece, as moto hands it over."""
        stream = b"".join(self._mac(b"stream", number.to_bytes(4, "big")) for number in range(len(data) // 32 + 1))
        other = bytes(one ^ two for one, two in zip(data, stream, strict=False))
        self.tag = self._mac(b"tag", self._context, data if self._expected else other)[:_TAG_BYTES]
        if self._expected and not hmac.compare_digest(self.tag, self._expected):
            raise ValueError("the tag does not fit")
        return other

    def finalize(self) -> bytes:
        return b""

    def _mac(self, *parts: bytes) -> bytes:
        text = self._iv + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.new(self._key, text, hashlib.sha256).digest()


def install(models: Any, utils: Any) -> None:
    """``moto.kms.models`` and ``.utils``: every key, symmetric ones too, gets an RSA key there that only asymmetric ones need."""
    asymmetric = models.generate_private_key
    models.generate_private_key = lambda spec: None if spec.startswith(("SYMMETRIC", "HMAC")) else asymmetric(spec)
    utils.Cipher = _Cipher
    utils.algorithms = SimpleNamespace(AES=lambda key: key)
    utils.modes = SimpleNamespace(GCM=lambda iv, tag=b"": (iv, tag))
    utils.default_backend = lambda: None
