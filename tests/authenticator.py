"""A security key without hardware: makes and shows one credential, as honestly or not as a test asks (WebAuthn level 2)."""

import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class SoftKey:
    """One key. ``count`` grows with every use, as a real one's does."""

    def __init__(self, host: str = "localhost") -> None:
        self.host = host
        self.id = secrets.token_bytes(16)
        self.count = 0
        self._private = ec.generate_private_key(ec.SECP256R1())

    def make(self, question: dict, origin: str) -> str:
        """What a browser sends after ``navigator.credentials.create``."""
        numbers = self._private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(PRESENT | VERIFIED | ATTESTED) + attested
        told = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client("webauthn.create", question, origin)
        return self._sent(client, attestationObject=bytes_to_base64url(cbor2.dumps(told)))

    def show(self, question: dict, origin: str, *, verified: bool = True) -> str:
        """What a browser sends after ``navigator.credentials.get``."""
        self.count += 1
        client = self._client("webauthn.get", question, origin)
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        signed = self._private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(client, authenticatorData=bytes_to_base64url(data), signature=bytes_to_base64url(signed))

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, question: dict, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": question["challenge"], "origin": origin}).encode()

    def _sent(self, client: bytes, **parts: str) -> str:
        name = bytes_to_base64url(self.id)
        response = {"clientDataJSON": bytes_to_base64url(client), **parts}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
