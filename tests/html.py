"""Pages as browsers and assistive technology take them apart."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

Attributes = dict[str, str | None]


@dataclass
class Html(HTMLParser):
    """A page: its elements in order, and its text."""

    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All that can be read, with single spaces."""
        return " ".join("".join(self.texts).split())

    def all(self, tag: str, **attributes: str) -> list[Attributes]:
        """The attributes of each such element."""
        return [had for name, had in self.elements if name == tag and attributes.items() <= had.items()]

    def form(self, *ticked: str) -> dict[str, list[str]]:
        """What the first form sends where just these boxes are ticked."""
        hidden: dict[str, list[str]] = {}
        for each in self.all("input", type="hidden"):
            hidden.setdefault(each["name"] or "", []).append(each["value"] or "")
        known = {each["value"] for each in self.all("input", type="checkbox")}
        assert set(ticked) <= known, known
        return hidden | {"wanted": list(ticked)}

    def ticked(self) -> set[str | None]:
        """The boxes that are ticked."""
        return {each["value"] for each in self.all("input", type="checkbox") if "checked" in each}


def html(response: httpx.Response) -> Html:
    """The page of a response."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Html()
    page.feed(response.text)
    page.close()
    return page
