"""The proof of identity: the product beside a plain model of it, step by step."""

import pytest

pytest.register_assert_rewrite(
    *(f"tests.identity.{name}" for name in ("account", "by_hand", "checking", "export", "intake"))
)
