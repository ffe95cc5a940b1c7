"""Files of imports, by signed links: their upload, and the rows that failed."""

from app.web.imports.downloading import Downloads
from app.web.imports.uploading import Uploads

__all__ = ["Downloads", "Uploads"]
