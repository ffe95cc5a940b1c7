"""The pages behind links as people meet them: in a real browser, by keyboard, on a phone, without scripts."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from app import acts
from app.accounts.queries import TENANTS
from app.acts import uuid7
from app.db import Database, open_database
from app.signing import Purpose
from tests.browsing import CHROMIUM, WATCH, Served, chromium, serving
from tests.client import Client
from tests.forming import CITY, EMAIL, MOBILE, form
from tests.links import PUBLIC_URL, SECRET, path, topics, uuid
from tests.texting import queued, request

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium at /usr/bin/chromium")
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
KEY = "donaudampfschifffahrtsgesellschaftskapit-nsm-tze"
TOPICS = ["Sales and offers", LONG]
PHONE = {"width": 320, "height": 640}
#: How much each piece of text stands out from what is behind it (WCAG 2.2, 1.4.3), the least first.
CONTRASTS = """() => {
  const parsed = text => text.match(/[\\d.]+/g).map(Number);
  const opaque = colour => colour.length < 4 || colour[3] > 0;
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parsed(getComputedStyle(each).backgroundColor);
      if (opaque(colour)) return colour;
    }
    return parsed(getComputedStyle(document.documentElement).backgroundColor);
  };
  const light = ([red, green, blue]) => [red, green, blue].map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.data.trim()) {
      const element = node.parentElement;
      found.push([ratio(parsed(getComputedStyle(element).color), behind(element)), node.data.trim()]);
    }
  return found.sort((one, other) => one[0] - other[0]);
}"""
#: The element that has the focus, and whether an outline shows it.
FOCUSED = """() => {
  const focused = document.activeElement;
  const outlined = [focused, focused.closest('label')].filter(Boolean)
    .some(each => getComputedStyle(each).outlineStyle === 'solid');
  return [focused.value || focused.textContent, outlined];
}"""


@dataclass(frozen=True, slots=True)
class Visited:
    """A server with a contact, and where its pages are."""

    served: Served
    client: Client
    links: dict[str, str]


@pytest.fixture(scope="module")
async def visited(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visited]:
    """A server in development, whose account has topics, and a contact with both channels."""
    folder = tmp_path_factory.mktemp("pages")
    async with serving(folder, TANDEM_SECRET=SECRET, TANDEM_PUBLIC_URL=PUBLIC_URL) as served:
        database = await open_database(f"sqlite:///{folder / 'tandem.db'}", max_connections=2)
        async with database.reading(0) as reader:
            [account] = await reader.fetch(TENANTS)
        async with httpx.AsyncClient(base_url=served.url) as http:
            client = Client(http, served.key, account)
            await topics(client, *TOPICS)
            yield Visited(served, client, await links(client, database))
        await database.close()


async def contact(client: Client) -> str:
    """A new email address that is opted in: its id."""
    email = f"ann.{uuid7(acts.now()).hex}@donaudampfschifffahrtsgesellschaftskapitaensmuetzen.example.com"
    return str((await client.add_email(email, emailConsent=IN))["channels"][0]["id"])


async def links(client: Client, database: Database) -> dict[str, str]:
    """Where each page is."""
    email, sms = await contact(client), (await client.add_sms("+14155552690"))["channels"][0]["id"]
    pending = (await client.add_email("bob@example.com"))["channels"][0]["id"]
    await request(client, pending, disclosure=f"Yes, send me {LONG}.")
    [sent] = [sent for sent in await queued(database, client) if sent.address == "bob@example.com"]
    out = path(client, Purpose.UNSUBSCRIBE, await contact(client))
    await client.http.post(out, data={"List-Unsubscribe": "One-Click"})
    form_id = await form(client, EMAIL, MOBILE, CITY | {"label": LONG})
    return {
        "form": f"/forms/{form_id}",
        "known form": path(client, Purpose.FORM, email, about_id=uuid("Form", form_id)),
        "confirm": sent.body.split(PUBLIC_URL)[1].split()[0],
        "pending": path(client, Purpose.PREFERENCES, pending),
        "unsubscribed": out,
        "unsubscribe": path(client, Purpose.UNSUBSCRIBE, email),
        "email": path(client, Purpose.PREFERENCES, email),
        "sms": path(client, Purpose.PREFERENCES, sms),
        "gone": path(client, Purpose.UNSUBSCRIBE, f"channel_{uuid7(acts.now()).hex}"),
        "forged": "/u/forged",
    }


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as opened:
        yield opened


@asynccontextmanager
async def opened(browser: Browser, visited: Visited, **options: Any) -> AsyncIterator[Page]:
    """A page of the server; nothing that the policy forbids may be tried in it, and nothing fetched elsewhere."""
    context = await browser.new_context(base_url=visited.served.url, **options)
    page = await context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: None if request.url.startswith(visited.served.url) else troubles.append(request.url),
    )
    await page.add_init_script(WATCH)
    yield page
    expected = [trouble for trouble in troubles if "the server responded with a status of 4" in trouble]
    assert troubles == expected
    if options.get("java_script_enabled", True):
        assert await page.evaluate("forbidden") == []
    await context.close()


async def test_the_preferences_are_chosen_by_keyboard_alone(browser: Browser, visited: Visited) -> None:
    link = path(visited.client, Purpose.PREFERENCES, await contact(visited.client))
    async with opened(browser, visited) as page:
        await page.goto(link)
        boxes = page.get_by_role("checkbox")
        assert [await box.is_checked() for box in await boxes.all()] == [True, True, True]
        met = []
        for key in ("Tab", "Tab", "Space", "Tab", "Tab"):
            await page.keyboard.press(key)
            met.append(await page.evaluate(FOCUSED))
        assert met == [[name, True] for name in ("*", "sales-and-offers", "sales-and-offers", KEY, "Save")]
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Your choices are saved.")
        assert (await page.title()).startswith("Your choices are saved.")
        await page.goto(link)
        await expect(page.get_by_role("checkbox", name=TOPICS[0])).not_to_be_checked()
        await expect(page.get_by_role("checkbox", name=TOPICS[1])).to_be_checked()
        await expect(page.get_by_role("checkbox", name="I agree to receive marketing emails")).to_be_checked()


async def test_without_scripts_everything_works(browser: Browser, visited: Visited) -> None:
    email = await contact(visited.client)
    async with opened(browser, visited, java_script_enabled=False) as page:
        await page.goto(path(visited.client, Purpose.UNSUBSCRIBE, email))
        await page.get_by_role("button", name="Unsubscribe").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
        await page.goto(path(visited.client, Purpose.PREFERENCES, email))
        agree = page.get_by_role("checkbox", name="I agree to receive marketing emails")
        await expect(agree).not_to_be_checked()
        await agree.check()
        await page.get_by_role("button", name="Save").click()
        await expect(agree).to_be_checked()
        await page.get_by_role("button", name="Unsubscribe from everything").click()
        await expect(page.get_by_role("status")).to_have_text("You are unsubscribed from everything.")
        await expect(agree).not_to_be_checked()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_form_is_filled_in_by_keyboard_alone_and_mistakes_are_found(
    browser: Browser, visited: Visited, scripts: bool
) -> None:
    form_id = await form(visited.client, EMAIL | {"required": True}, MOBILE)
    email = f"ann.{uuid7(acts.now()).hex}@example.com"
    async with opened(browser, visited, java_script_enabled=scripts) as page:
        await page.goto(f"/forms/{form_id}")
        for key in ("Tab", "Tab", "Space", "Tab"):  # past the address that is required
            await page.keyboard.press(key)
        await page.keyboard.type("555")
        for key in ("Tab", "Tab", "Enter"):
            await page.keyboard.press(key)
        await expect(page.get_by_role("alert")).to_contain_text("Fill in 'Email'.")
        await expect(page.get_by_label("Email", exact=True)).to_be_focused()
        await expect(page.get_by_label("Email", exact=True)).to_have_accessible_description("Fill in 'Email'.")
        mobile = page.get_by_label("Mobile")
        await expect(mobile).to_have_value("555")
        await expect(page.get_by_role("checkbox", name="by email")).to_be_checked()
        await page.keyboard.type(email)
        for key in ("Tab", "Tab"):
            await page.keyboard.press(key)
        await expect(mobile).to_be_focused()
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.type("+14155550147")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    found = "query ($email: EmailAddress!) { profile(by: { emailAddress: $email }) { email { consent { status } } } }"
    profile = (await visited.client.ask(found, email=email))["profile"]
    assert profile == {"email": {"consent": {"status": "OPTED_IN"}}}


async def test_on_a_narrow_phone_nothing_is_cut_off(browser: Browser, visited: Visited) -> None:
    async with opened(browser, visited, viewport=PHONE) as page:
        for link in visited.links.values():
            await page.goto(link)
            assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
            small = "[...document.querySelectorAll('button, label')].filter(e => e.offsetHeight < 44).length"
            assert await page.evaluate(small) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_stands_out_from_its_background(browser: Browser, visited: Visited, scheme: Any) -> None:
    backgrounds = set()
    async with opened(browser, visited, color_scheme=scheme) as page:
        for link in visited.links.values():
            await page.goto(link)
            contrasts = await page.evaluate(CONTRASTS)
            assert await page.locator("h1").inner_text() in [text for _, text in contrasts]
            assert contrasts[0][0] >= 4.5, contrasts[0]
            backgrounds.add(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
        await page.goto(visited.links["form"])
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert (await page.evaluate(CONTRASTS))[0][0] >= 4.5
        await page.goto(visited.links["email"])
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("status")).to_be_visible()
        assert (await page.evaluate(CONTRASTS))[0][0] >= 4.5
    assert backgrounds == {"rgb(243, 245, 247)" if scheme == "light" else "rgb(15, 19, 23)"}


async def test_no_token_gets_into_the_log(visited: Visited) -> None:
    http, email = visited.client.http, await contact(visited.client)
    await request(visited.client, email)
    asked = [*visited.links.values(), path(visited.client, Purpose.UNSUBSCRIBE, email), "/confirm/forged"]
    for link in asked:
        await http.get(link)
        await http.post(link, data={"List-Unsubscribe": "One-Click", "everything": "yes"})
        await http.get(f"{link}/", follow_redirects=True)
        await http.put(link)
    await http.post("/webhooks/sms/secret", data={"From": "+14155552690"})
    log = (visited.served.folder / "log").read_text()
    for link in asked:
        assert link.rpartition("/")[2] not in log
    assert "+1415555" not in log
    routes = {json.loads(line).get("route") for line in log.splitlines() if line.startswith("{")}
    assert {
        "/forms/{form}",
        "/form/{token}",
        "/u/{token}",
        "/preferences/{token}",
        "/confirm/{token}",
        "/webhooks/sms/{account}",
    } <= routes
