"""`make screenshots`: walk through the product in a real Chromium and make the pictures of the documents anew.

Without arguments a rehearsal of its own is brought up in a temporary folder; with the addresses of a running one
(`python -m tools.screenshots http://127.0.0.1:8000 http://127.0.0.1:8002`) that one is used.
"""

import csv
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from app.demo.people import PASSWORD
from app.demo.pupils import PICTURES as PHOTOS
from app.demo.pupils import pupils_csv
from tests.support.processes import RunningProduct

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
MOST_BYTES = 150_000
PALETTES = ((Image.Quantize.MEDIANCUT, 256), (Image.Quantize.FASTOCTREE, 256), (Image.Quantize.FASTOCTREE, 128))
"""The finest first: the next is tried while a picture is too large."""
PHONE, DESKTOP = (390, 844, 1.5), (1180, 860, 1.0)
PATIENCE = 90_000
CLASSES = ("2 Maple", "3 Willow", "5 Willow", "7 Willow", "9 Cedar", "9 Willow", "10 Rowan", "11 Oak")
CAPTION = "Our harvest assembly filled the hall with song. Thank you to everybody who brought tins for the food bank!"
NAMED = "Well done to Amelia Hart, who read so clearly at our harvest assembly!"
ALT_TEXT = "Pupils in green jumpers stand in rows in the school hall."
WALL = "/facebook/100000000000001"
STORM = ("you stupid idiots", "Worst school ever, nobody answers the phone", "What a disgrace", "you are all morons")


class Photographer:
    """Signs people in, each in a window of their own, and keeps what they see."""

    def __init__(self, browser: Browser, web: str, sandbox: str) -> None:
        self._browser, self._web, self._sandbox = browser, web, sandbox
        self.kept: list[Path] = []

    @contextmanager
    def signed_in(self, who: str, size: tuple[int, int, float] = DESKTOP) -> Iterator[Page]:
        with self._window(self._web, size) as page:
            page.goto("/sign-in")
            page.fill("#email", f"{who}@bramleyhill.example")
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(f"{self._web}/")
            yield page

    @contextmanager
    def in_public(self, size: tuple[int, int, float] = DESKTOP) -> Iterator[Page]:
        with self._window(self._sandbox, size) as page:
            yield page

    @contextmanager
    def _window(self, address: str, size: tuple[int, int, float]) -> Iterator[Page]:
        width, height, scale = size
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            base_url=address,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()

    def keep(self, page: Page, name: str, *, at: str | None = None) -> None:
        """Keep what the window shows down to the footer, scrolled to `at` if that is given."""
        page.wait_for_load_state("networkidle")
        if at is not None:
            page.locator(at).first.evaluate("element => window.scrollTo(0, element.offsetTop - 16)")
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.blur()")
        width, height = page.evaluate("[innerWidth, innerHeight]")
        footer = page.locator("footer").last
        shown = footer.bounding_box() if footer.count() else None
        end = min(height, shown["y"] + shown["height"]) if shown else height
        area = {"x": 0, "y": 0, "width": width, "height": end}
        self._write(page.screenshot(animations="disabled", clip=area), name)

    def _write(self, png: bytes, name: str) -> None:
        """Write the picture as finely as its size allows."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{name}.png"
        with Image.open(BytesIO(png)) as taken:
            for way, colours in PALETTES:
                taken.convert("RGB").quantize(colours, way, dither=Image.Dither.NONE).save(path, optimize=True)
                if path.stat().st_size <= MOST_BYTES:
                    break
        self.kept.append(path)


def write_a_post(camera: Photographer) -> str:
    """Walk the teacher's way from the phone to the submitted post; return the post's address."""
    with camera.signed_in("teacher", PHONE) as page:
        camera.keep(page, "teacher-home")
        page.goto("/posts/new")
        page.locator("#caption").press_sequentially(NAMED, delay=5)
        page.locator("#caption-said .sg-said").first.wait_for()
        camera.keep(page, "teacher-write")
        page.fill("#caption", CAPTION)
        page.set_input_files("#photos", [PHOTOS / "events/ev01_hall_assembly.jpg"])
        for name in CLASSES:
            page.locator("input[name=classes]").and_(page.locator(f"[value='{name}']")).check()
        page.get_by_role("button", name="Save and check").click()
        _until(page, lambda: page.locator("[data-count]"))
        camera.keep(page, "teacher-faces", at="#photo-1")
        _answer(page)
        camera.keep(page, "teacher-confirm", at="textarea[name$=-alt]")
        page.click("text=Save and submit")
        page.wait_for_url(lambda url: not url.endswith("/faces"))
        address = page.url
        _until(page, lambda: page.locator("main .sg-tag:has-text('Submitted')"))
        camera.keep(page, "teacher-submitted")
    with camera.signed_in("teacher") as page:
        page.goto("/posts/")
        camera.keep(page, "teacher-posts")
    return address


def _answer(page: Page) -> None:
    """Keep what is proposed for each face, count in each photo, and describe it."""
    for number, photo in enumerate(page.locator(".sg-album__photo").all(), start=1):
        people = photo.locator("select[data-face]").count()
        photo.get_by_role("button", name=f"{people} in photo {number}", exact=True).click()
    page.locator("textarea[name$=-alt]").first.fill(ALT_TEXT)


def approve_it(camera: Photographer, address: str) -> None:
    review = address.replace("/posts/", "/reviews/")
    with camera.signed_in("smt", PHONE) as page:
        page.goto(review)
        camera.keep(page, "smt-review-phone")
    with camera.signed_in("smt") as page:
        page.goto("/reviews/")
        camera.keep(page, "smt-waiting")
        page.goto(review)
        camera.keep(page, "smt-review")
        page.goto(page.locator("a:has-text('with numbers')").first.get_attribute("href") or review)
        camera.keep(page, "smt-picture")
        page.click("text=I have looked at it")
        camera.keep(page, "smt-decide", at="#decide")
        page.click("text=Approve this version")
        page.goto(address)
        _until(page, lambda: page.locator("main .sg-tag:has-text('Published')"))
        camera.keep(page, "smt-published")
    with camera.in_public() as page:
        page.goto("/")
        page.goto(WALL)
        camera.keep(page, "public-wall")


def sort_comments(camera: Photographer) -> None:
    with camera.signed_in("head", PHONE) as page:
        camera.keep(page, "head-home")
        _open_insult(page)
        camera.keep(page, "head-comment-phone", at="main h1")
    with camera.signed_in("head") as page:
        page.goto("/comments")
        camera.keep(page, "head-comments")
        _open_insult(page)
        camera.keep(page, "head-comment")
        page.goto("/incidents")
        page.locator("main a:has-text('A threat')").first.click()
        camera.keep(page, "head-incident")
    with camera.signed_in("teacher", PHONE) as page:
        page.goto("/incidents/seen-elsewhere")
        camera.keep(page, "seen-elsewhere")


def _open_insult(page: Page) -> None:
    """Open the comment that insults somebody, and why it was hidden."""
    page.goto("/comments")
    page.locator("main a[href^='/comments/']:has-text('Insult')").first.click()
    page.click("text=Why the rules hid it")


def calm_a_storm(camera: Photographer) -> None:
    """Bring a pile-on under the latest post, and calm it as the head would."""
    with camera.in_public() as page:
        posts = page.request.get(f"/_control{WALL}/wall").json()["posts"]
        comments = [{"name": f"Person {number}", "message": STORM[number % len(STORM)]} for number in range(60)]
        page.request.post(f"/_control/facebook/posts/{posts[0]['id']}/comments/batch", data={"comments": comments})
    with camera.signed_in("head", PHONE) as page:
        _until(page, lambda: page.get_by_role("link", name="Bring calm"))
        camera.keep(page, "head-storm-phone")
        page.click("text=Bring calm")
        page.click("text=Lock down this post")
        page.click("text=Put it under the post")
        _until(page, lambda: page.locator("text=New comments are hidden as they come"))
        camera.keep(page, "head-calm-phone", at="main h1")
    with camera.signed_in("head") as page:
        page.goto("/comments/rules")
        camera.keep(page, "head-rules")


def keep_the_register(camera: Photographer) -> None:
    with camera.signed_in("office") as page:
        page.goto("/register/")
        camera.keep(page, "office-register")
        page.goto("/register/import")
        page.set_input_files("#file", {"name": "september.csv", "mimeType": "text/csv", "buffer": _september()})
        page.click("text=Try it out")
        page.locator("text=What the file would change").wait_for()
        camera.keep(page, "office-import")
        page.goto("/register/?search=Sienna")
        page.click("text=Sienna Doyle")
        camera.keep(page, "office-pupil", at="h2:has-text('Record an answer')")
    with camera.signed_in("dsl") as page:
        page.goto("/register/?search=Sienna")
        page.click("text=Sienna Doyle")
        camera.keep(page, "dsl-flag", at="h2:has-text('Keep out of everything')")
        page.goto("/incidents")
        page.locator("main a:has-text('A child may be at risk')").first.click()
        camera.keep(page, "dsl-incident")


def _september() -> bytes:
    """Change the export of the made-up school a little: a new no, a joiner, a missing pupil, and a row with an error."""
    rows = list(csv.DictReader(StringIO(pupils_csv().decode())))
    joiner = rows[1] | {"Admission No": "P29", "Legal Forename": "Rosa", "Legal Surname": "Lindholm", "Consent: X": ""}
    broken = rows[1] | {"Admission No": "P30", "Legal Forename": "Noah", "Legal Surname": "Birch", "DOB": "31/02/2019"}
    for row in rows:
        if row["Admission No"] == "P13":
            row["Consent: Facebook"] = "No"
    output = StringIO()
    writer = csv.DictWriter(output, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows([*(row for row in rows if row["Admission No"] != "P14"), joiner, broken])
    return output.getvalue().encode()


def look_after_the_rest(camera: Photographer) -> None:
    with camera.signed_in("coordinator") as page:
        page.goto("/channels/")
        camera.keep(page, "coordinator-accounts")
        page.locator("main a[href^='/channels/']:has-text('Bramley')").first.click()
        camera.keep(page, "coordinator-account")
    for who, address, name in (
        ("dpo", "/record", "dpo-record"),
        ("admin", "/people", "admin-people"),
        ("smt", "/calendar", "smt-calendar"),
        ("governor", "/", "governor-home"),
        ("chair", "/incidents", "chair-incidents"),
    ):
        with camera.signed_in(who) as page:
            page.goto(address)
            camera.keep(page, name)


def _until(page: Page, wanted: Callable[[], Locator]) -> None:
    """Reload until something shows, as a person would."""
    for _ in range(PATIENCE // 700):
        if wanted().count():
            return
        page.wait_for_timeout(700)
        page.reload()
    raise TimeoutError(page.inner_text("main"))


def take_all(web: str, sandbox: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("The pictures need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        camera = Photographer(browser, web, sandbox)
        approve_it(camera, write_a_post(camera))
        sort_comments(camera)
        keep_the_register(camera)
        look_after_the_rest(camera)
        calm_a_storm(camera)
        browser.close()
    for path in camera.kept:
        print(f"{path.relative_to(FOLDER.parents[1])}  {path.stat().st_size // 1000} kB")


def main() -> None:
    if len(sys.argv) == 3:
        take_all(sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/"))
        return
    with tempfile.TemporaryDirectory(prefix="schoolgate-") as folder, RunningProduct(Path(folder)) as product:
        take_all(product.web, product.sandbox)


if __name__ == "__main__":
    main()
