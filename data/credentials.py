"""Networks' credentials at rest: encrypted with Fernet (AES-128-CBC, HMAC-SHA256) under a key derived from the setting."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.problems import CredentialsLocked

PURPOSE = b"watchroom credentials 1"


class CredentialsBox:
    """Locks and unlocks the credentials of accounts. The key is ``WATCHROOM_CREDENTIALS_KEY``, of any length from 32."""

    def __init__(self, key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
        self._fernet = Fernet(urlsafe_b64encode(derived))

    def lock(self, credentials: Mapping[str, str]) -> str | None:
        """What is stored; None where there is nothing to keep secret."""
        given = {name: value for name, value in credentials.items() if value}
        return self._fernet.encrypt(json.dumps(given, sort_keys=True).encode()).decode() if given else None

    def unlock(self, locked: str | None) -> dict[str, str]:
        """The credentials again. Raises ``CredentialsLocked`` where they were locked with another key, or changed."""
        if locked is None:
            return {}
        try:
            found: dict[str, str] = json.loads(self._fernet.decrypt(locked.encode()))
        except InvalidToken:
            raise CredentialsLocked from None
        return found
