"""Why a call under a key is not answered."""

from app.errors import BadInput, RequestError


class KeyReused(RequestError):
    """A key that was used for other content."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for other content. Send a new key with a new change.")


class InvalidKey(BadInput):
    """A key that cannot be kept."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"An Idempotency-Key has 1 to {longest} visible ASCII characters.")
