"""Pure rules: who contact data is about, what guards linking, what joins and parts, and all of it in words."""

from app.identity.rules import contacts, guarding, picture, placing, telling

__all__ = ["contacts", "guarding", "picture", "placing", "telling"]
