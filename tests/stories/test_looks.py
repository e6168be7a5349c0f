"""Any screen works at 320 pixels, with text twice as large, in light and dark, by touch,
and without movement."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story

# The narrowest stands for the others, which `make test-long` tries too.
WIDER = [pytest.param(width, marks=pytest.mark.long) for width in (390, 768, 1200)]
PAGES = (
    "/", "/svara", "/inte-idag", "/aktiviteter", "/aktiviteter/en-arbetsplats", "/dagar",
    "/dagar/2026-11/lista",
    "/dagar/2026-11-19", "/dagar/2026-11-18/ny", "/dagar/borttaget", "/hjalp", "/sa-funkar-det",
    "/kretsen", "/kretsen/ny", "/kretsen/bollen/ny", "/kretsen/bollen/avslutade", "/kretsen/borttaget",
    "/kretsen/mot-mig", "/kretsen/mot-mig/andra",
    "/plan", "/plan/kartan", "/plan/steg/ny", "/plan/forsok/ny", "/plan/vagar?fran=tidningen", "/plan/berattelse",
    "/plan/bild/min/andra", "/plan/krisplan/min", "/plan/pengar",
    "/finns-inte", "/klocka",
)  # fmt: skip
LONG = "Försäkringskassehandläggarsamtalsanteckningsuppföljningsdokumentation " * 3

OVERFLOW = """(() => {
  const wide = document.documentElement.clientWidth;
  const seen = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > wide + 1 && !one.closest(".sr, [aria-hidden=true], .skip");
  });
  const over = document.documentElement.scrollWidth - wide;
  return over > 0 ? [`${over} px`, ...seen.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))] : [];
})()"""
# A link inside a sentence is exempt (WCAG 2.2, 2.5.8), and so is what only shows when it has the focus.
SMALL = """(() => {
  const text = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim();
  const inSentence = (one) => one.matches("a") && [...one.parentNode.childNodes].some(text);
  return [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), textarea, label.choice")]
    .filter((one) => one.checkVisibility() && !one.matches(".skip, label input") && !inSentence(one))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.height < 47.5 || box.width < 47.5)
    .map(([one, box]) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${one.outerHTML.slice(0, 120)}`);
})()"""
SPACED = (
    "document.querySelectorAll('*').forEach((one) => one.style.cssText += "
    "';line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important')"
)
CUT = """(() => [...document.querySelectorAll("h1, h2, h3, p, dd, dt, li, button, a, summary, span")]
  .filter((one) => one.checkVisibility() && !one.closest(".sr, .skip, [aria-hidden=true], .cut"))
  .filter((one) => getComputedStyle(one).overflow !== "visible" && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120)))()"""


def settle(phone: Phone) -> None:
    """Somebody with a day behind them, a long word in it, and something in every place."""
    phone.open()
    phone.answer("Ganska lätt")
    phone.open("/dagar/2026-11-19/ny")
    phone.write("Med egna ord", LONG)
    phone.tap("Spara")
    phone.open("/dagar/2026-11-18/ny")
    phone.write("Med egna ord", LONG)
    phone.tap("Spara")
    phone.tap("Ta bort", inside=phone.page.get_by_role("article"))
    know_people(phone)


def know_people(phone: Phone) -> None:
    """Two with long names: one in the circle who holds something, one taken away."""
    for number in range(2):
        phone.open("/kretsen/ny")
        phone.page.get_by_label("Namn").first.fill(LONG[:195])
        phone.page.get_by_label("Telefon", exact=True).fill("0771-524 524, 0771-524 524, 0771-524 524")
        phone.tap("Spara")
        phone.tap("Ta bort ur kretsen" if number else "Gör till huvudkontakt")
        if not number:
            phone.tap("Skriv upp ett ärende")
            phone.page.get_by_label("Vad handlar det om?").fill(LONG[:195])
            phone.page.get_by_label("Sedan när?").fill("2026-10-01")
            phone.tap("Spara")


def in_circle(phone: Phone) -> list[str]:
    """The pages of the one who is there, and of the matter that stands still."""
    phone.open("/kretsen")
    found = phone.page.locator(".lined .item").evaluate_all(
        "all => all.map((one) => one.getAttribute('href'))"
    )
    return [path for path in found if path.startswith("/kretsen/")]


def say_something(phone: Phone) -> None:
    """A page that floats what was done above its tabs."""
    phone.open("/dagar/2026-11-18/ny")
    phone.write("Med egna ord", "några ord")
    phone.tap("Spara")
    expect(phone.toast).to_be_visible()


def text_twice_as_large(phone: Phone) -> None:
    phone.measure("document.documentElement.style.setProperty('font-size', '200%')")


@pytest.mark.parametrize("width", [320, *WIDER])
def test_nothing_is_cut_or_runs_out_of_the_page(width: int, phones: Phones) -> None:
    """Hard rule 10: 320 px, and 200 % text at any width. Touch targets are 48 px (C28)."""
    phone = phones(width=width, height=844)
    phone.open()
    assert phone.measure(OVERFLOW) == []
    settle(phone)
    for path in (*PAGES, *in_circle(phone)):
        phone.open(path)
        assert phone.measure(OVERFLOW) == [], f"{path} at {width}"
        assert phone.measure(CUT) == [], f"{path} at {width}"
        if width >= 360:
            assert phone.measure(SMALL) == [], f"{path} at {width}"
        text_twice_as_large(phone)
        assert phone.measure(OVERFLOW) == [], f"{path} at {width} with large text"
        if width == 320:  # WCAG 1.4.12, on the page as large as it is usually
            phone.measure("document.documentElement.style.removeProperty('font-size')")
            phone.measure(SPACED)
            assert phone.measure(OVERFLOW) == [], f"{path} at {width} with spaced text"


@pytest.mark.parametrize("width", [pytest.param(320, marks=pytest.mark.long), *WIDER[1:]])
def test_everybody_can_use_it_at_other_widths(width: int, phones: Phones) -> None:
    """axe in light and dark; 390 px is looked at by the stories."""
    phone = phones(width=width, height=844)
    phone.open()
    phone.answer("Ganska lätt")
    for path in ("/", "/dagar", "/dagar/2026-11-19", "/dagar/2026-11-19/ny", "/aktiviteter/oppen-fika"):
        phone.open(path)
        phone.look()


def test_light_and_dark_are_both_there(phone: Phone) -> None:
    """Every page follows the phone; the phone's own bar belongs to the picture."""
    phone.open()
    colours = set()
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme=scheme)
        colours.add(
            phone.measure(
                "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"
            )
        )
    assert len(colours) == 2
    assert phone.page.locator("meta[name=theme-color]").count() == 2


def test_nothing_moves_for_somebody_who_wants_no_movement(phone: Phone) -> None:
    """C29: senses are sensitive. With reduced motion everything just changes; nothing moves by itself."""
    phone.open()
    phone.answer("Tung")
    for path in ("/", "/dagar", "/dagar/2026-11-19/ny", "/klocka"):
        phone.open(path)
        longest: float = phone.measure(
            "Math.max(...[...document.querySelectorAll('*')].flatMap((one) => { const css = getComputedStyle(one);"
            " return [css.animationDuration, css.transitionDuration].join().split(',').map(parseFloat); }))"
        )
        assert longest <= 0.01
        assert phone.measure("document.getAnimations().length") == 0
        assert phone.page.locator("audio, video, marquee, blink, [autoplay]").count() == 0


def test_the_tabs_do_not_stick_where_there_is_no_room(phones: Phones) -> None:
    """Design, 6: at 320 px or less the navigation no longer sticks; what has the focus is never under it."""
    phone = phones(width=320, height=480)
    phone.open()
    phone.answer("Tung")
    phone.page.get_by_role("link", name="Visa allt").focus()
    box = phone.page.get_by_role("link", name="Visa allt").bounding_box()
    nav = phone.page.get_by_role("navigation").bounding_box()
    assert box
    assert nav
    assert box["y"] + box["height"] <= nav["y"] or nav["y"] > 480 or box["y"] >= nav["y"] + nav["height"]


def test_forced_colours_keep_words_and_choices(phone: Phone) -> None:
    phone.page.emulate_media(forced_colors="active")
    phone.open()
    phone.answer("Mittemellan")
    phone.sees("Öppet just idag")
    edges = "((one) => parseFloat(one.borderTopWidth) || (one.outlineStyle !== 'none' && parseFloat(one.outlineWidth)))"
    for part in (".nav", ".card"):
        assert phone.measure(f"{edges}(getComputedStyle(document.querySelector('{part}')))"), (
            f"{part} has no edge"
        )
    say_something(phone)
    floating = "getComputedStyle(document.querySelector('.toast'))"
    assert phone.measure(f"{floating}.position") == "fixed"
    assert phone.measure(f"{edges}({floating})"), "what was done floats without an edge"
    assert phone.measure(f"{floating}.borderTopColor") != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(
    ("width", "height"),
    [
        *(pytest.param(*size, marks=pytest.mark.long) for size in ((390, 844), (320, 640), (844, 390))),
        (320, 480),
    ],
)
def test_what_was_done_can_be_read_and_undone_with_large_text(
    width: int, height: int, phones: Phones
) -> None:
    """Hard rule 10: at 200 % text the words stay words, on the screen, and cover no other half of it."""
    phone = phones(width=width, height=height)
    phone.open()
    phone.answer("Tung")
    say_something(phone)
    for large in (False, True):
        if large:
            text_twice_as_large(phone)
        words = phone.toast.locator("[data-said]").bounding_box()
        button = phone.toast.get_by_role("button", name="Ångra").bounding_box()
        assert words
        assert button
        assert words["y"] >= 0
        assert words["y"] + words["height"] <= height
        assert button["y"] + button["height"] <= height
        assert words["height"] < 300, "one letter a line"
        assert phone.measure(OVERFLOW) == []


def test_the_undo_stays_until_it_is_closed(phone: Phone, world: World) -> None:
    """Design: never on a timer. Closing it needs no new page, and the focus goes to what stands there."""
    phone.open()
    phone.answer("Tung")
    phone.tap("Skriv några ord om dagen")
    phone.write("Med egna ord", "några ord")
    phone.tap("Spara")
    world.move(at("2026-11-19 10.09"))
    expect(phone.toast).to_be_visible()
    phone.measure("window.same = true")
    phone.press(phone.page.get_by_role("link", name="Stäng"))
    expect(phone.toast).to_have_count(0)
    assert phone.measure("window.same") is True
    expect(phone.page.locator("main:focus")).to_have_count(1)
