"""GraphiQL as people meet it: in a real browser, over a server in development that has nothing but its demo data."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, expect

from app.web import graphiql
from tests.browsing import CHROMIUM, WATCH, Served, chromium, serving

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium at /usr/bin/chromium")
EXAMPLES = sorted((Path(graphiql.__file__).parent / "examples").glob("*.graphql"))
LIVE = next(example for example in EXAMPLES if "\nsubscription " in example.read_text())
ANSWERED = [example for example in EXAMPLES if example != LIVE]
SETTLED = 300  # milliseconds that GraphiQL takes to bring another tab's text into its editors, and to check it
#: The text of one of GraphiQL's editors, by the end of its model's path.
TEXT = "end => __MONACO.editor.getModels().find(model => model.uri.path.endsWith(end)).getValue()"
#: What is wrong with the texts in the editors, by their worker.
UNDERLINED = "() => __MONACO.editor.getModelMarkers({}).map(marker => `${marker.resource.path}: ${marker.message}`)"


# ---- a page


@dataclass
class GraphiQL:
    """The page in a browser, as a person uses it, and everything in it that is not as it should be."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Loads the page until its editors stand."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.troubles.append(f"failed: {request.url}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        await self.page.add_init_script(WATCH)
        async with self.page.expect_response(f"{self.url}/graphql"):
            await self.page.goto(f"{self.url}/graphql")
        await self.page.locator(".graphiql-query-editor .view-line").first.wait_for()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.troubles.append(f"elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if not response.ok:
            self.troubles.append(f"{response.status}: {response.url}")

    async def all_troubles(self) -> list[str]:
        """What was not as it should be until now."""
        return self.troubles + [f"forbidden: {each}" for each in await self.page.evaluate("forbidden")]

    async def text(self, editor: str) -> str:
        """What stands in an editor."""
        return str(await self.page.evaluate(TEXT, editor))

    async def show(self, tab: str) -> None:
        """Clicks on a tab."""
        await self.page.get_by_role("tab", name=tab).click()
        await self.page.wait_for_timeout(SETTLED)

    async def execute(self) -> Any:
        """Presses the button, and takes what is shown: the server's answer, and no text underlined as a mistake."""
        async with self.page.expect_response(f"{self.url}/graphql") as answered:
            await self.page.get_by_role("button", name="Execute query").click()
        answer = await (await answered.value).json()
        await expect(self.page.locator(".result-window .view-lines")).to_contain_text('"data"')
        assert json.loads(await self.text("response.json")) == answer
        assert await self.underlined() == []
        return answer

    async def underlined(self) -> list[str]:
        """What the editors underline as mistakes; they take their time, and may complain of the tab before at first."""
        found = []
        for _ in range(10):
            await self.page.wait_for_timeout(SETTLED)
            found = await self.page.evaluate(UNDERLINED)
            if not found:
                break
        return list(found)


def texts(example: Path) -> tuple[str, str]:
    """An example's document, and its variables."""
    variables = example.with_suffix(".json")
    return example.read_text(), variables.read_text() if variables.exists() else ""


def operation(example: Path) -> str:
    """The name of an example's operation, which names its tab."""
    found = re.search(r"^(?:query|mutation|subscription) (\w+)", example.read_text(), re.MULTILINE)
    assert found is not None, f"{example.name} has no named operation"
    return found[1]


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A server in development."""
    async with serving(tmp_path_factory.mktemp("development")) as served:
        yield served


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
async def opened(browser: Browser, server: Served) -> GraphiQL:
    """The page of the server in development, opened once."""
    page = GraphiQL(await browser.new_page(), server.url)
    await page.open()
    return page


@pytest.fixture
async def page(opened: GraphiQL) -> AsyncIterator[GraphiQL]:
    """The same page, which must stay without trouble whatever is done with it."""
    yield opened
    assert await opened.all_troubles() == []


@pytest.fixture(scope="module")
async def answers(opened: GraphiQL) -> dict[str, Any]:
    """What the examples answered, each run once, in their order."""
    found = {}
    for example in ANSWERED:
        await opened.show(operation(example))
        found[example.stem] = await opened.execute()
    return found


# ---- what people meet


async def test_the_page_opens_with_a_tab_for_each_example(page: GraphiQL) -> None:
    tabs = page.page.get_by_role("tablist").get_by_role("tab")
    assert await tabs.all_inner_texts() == [operation(example) for example in EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.stem))
async def test_an_example_stands_in_its_tab_under_its_title(page: GraphiQL, example: Path) -> None:
    query, variables = texts(example)
    await page.show(operation(example))
    title, _, shown = (await page.text("operation.graphql")).partition("\n")
    assert title.lower() == "# " + example.stem.partition("-")[2].replace("-", " ").lower()
    assert (shown, await page.text("variables.json")) == (query, variables)


async def test_the_demo_key_stands_in_the_headers(page: GraphiQL, server: Served) -> None:
    assert json.loads(await page.text("request-headers.json")) == {"Authorization": f"Bearer {server.key}"}


@pytest.mark.parametrize("example", ANSWERED, ids=lambda example: str(example.stem))
async def test_an_example_runs_at_once(page: GraphiQL, answers: dict[str, Any], example: Path) -> None:
    answer = answers[example.stem]
    assert "errors" not in answer
    assert None not in answer["data"].values()


async def test_the_examples_show_what_their_comments_promise(page: GraphiQL, answers: dict[str, Any]) -> None:
    added, profile, paged, searched, counted, recorded, mistaken, imported = (
        answer["data"] for answer in answers.values()
    )
    assert added["addSmsContact"]["userErrors"] == []
    assert added["addSmsContact"]["link"]["outcome"] == "LINKED"
    ada = profile["profile"]
    assert [channel["consent"]["status"] for channel in ada["channels"]] == ["OPTED_IN", "NOT_COLLECTED", "OPTED_IN"]
    assert [channel["consent"]["record"] is not None for channel in ada["channels"]] == [True, False, True]
    company = next(shown for shown in ada["fields"] if shown["key"] == "company")
    assert (company["value"], company["channel"]["address"]) == ("Royal Society", "+12125550142")
    assert [lost["value"] for lost in company["alternatives"]] == ["Analytical Engines"]
    assert (len(ada["links"]), len(ada["merges"])) == (2, 1)
    assert (len(paged["profiles"]["nodes"]), paged["profiles"]["pageInfo"]["hasNextPage"]) == (5, True)
    assert {name: found["totalCount"] for name, found in searched.items()} == {
        "byName": 3, "byDomain": 12, "byNumber": 1,
    }  # fmt: skip
    linkage = counted["linkage"]
    assert linkage["profiles"] == linkage["linked"] + linkage["emailOnly"] + linkage["smsOnly"] == 36
    [clicked, ordered] = recorded["recordEngagements"]["engagements"]
    assert (recorded["recordEngagements"]["recorded"], ordered["kind"]) == (2, "CONVERSION")
    kinds = [each["kind"] for each in clicked["profile"]["engagements"]["nodes"]]
    assert kinds == ["CONVERSION", "CLICK", "RESPONSE", "DELIVERY", "DELIVERY"]  # by text and by email
    assert len(mistaken["addEmailContact"]["userErrors"]) == 3
    assert imported["createImport"]["import"]["status"] == "AWAITING_UPLOAD"
    assert f"{page.url}/imports/" in imported["createImport"]["uploadUrl"]


async def test_the_live_example_shows_what_happens_until_it_is_stopped(page: GraphiQL, server: Served) -> None:
    await page.show(operation(LIVE))
    async with page.page.expect_websocket() as opened:
        await page.page.get_by_role("button", name="Execute query").click()
    socket = await opened.value
    await page.page.wait_for_timeout(SETTLED)  # nothing shows that it waits
    shown = page.page.locator(".result-window .view-lines")
    for number in range(3):
        async with socket.expect_event("framereceived", lambda frame: "engagementRecorded" in str(frame)):
            await record(server, f"live-{number}")
        await expect(shown).to_contain_text('"value": ' + str(number))
    assert await page.underlined() == []
    async with socket.expect_event("close"):
        await page.page.get_by_role("button", name="Stop query").click()


async def record(server: Served, external_id: str) -> None:
    """Records a conversion worth the number at the end of its external id, as another program would."""
    [example] = [example for example in EXAMPLES if "record" in example.stem]
    query, variables = texts(example)
    given = json.loads(variables)
    order = given["input"]["engagements"][1]
    given["input"]["engagements"] = [order | {"externalId": external_id, "value": int(external_id[-1])}]
    headers = {"authorization": f"Bearer {server.key}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
        answer = (await client.post("/graphql", json={"query": query, "variables": given})).json()
    assert answer["data"]["recordEngagements"]["recorded"] == 1, answer


async def test_the_documentation_opens_beside_the_editor(page: GraphiQL) -> None:
    await page.page.get_by_role("button", name="Show Documentation Explorer").click()
    documentation = page.page.locator(".graphiql-doc-explorer")
    await documentation.get_by_role("link", name="Query", exact=True).click()
    await expect(documentation).to_contain_text("All profiles, or those that a search finds.")


async def test_outside_of_development_no_key_is_shown(browser: Browser, server: Served, tmp_path: Path) -> None:
    shutil.copy(server.folder / "demo-key", tmp_path)  # as it stays behind where a server was in development before
    async with serving(tmp_path, TANDEM_DEVELOPMENT="false") as served:
        page = GraphiQL(await browser.new_page(), served.url)
        await page.open()
        assert json.loads(await page.text("request-headers.json")) == {"Authorization": "Bearer <your API key>"}
        assert server.key not in await page.page.content()
        await page.page.close()
