"""“Läs upp”: by a voice that the phone has, in the order of the page, and silent as soon as the page is left."""

import pytest
from playwright.sync_api import expect

from tests.stories.keys import begin
from tests.stories.phone import Phone

pytestmark = pytest.mark.story

# A browser without a screen has no voices. Only what the browser itself brings is replaced here: its voices, and what
# it is asked to say. All is said at once, but what holds “Vänta”; `said` and `silenced` are what one would hear.
VOICES = """
const voices = [%s].map(([lang, localService]) => ({ lang, localService }));
self.said = [];
self.silenced = 0;
class Speech extends EventTarget {
  speaking = false;
  getVoices() { return voices; }
  speak(one) {
    said.push(one.text);
    this.speaking = one.text.includes("Vänta");
    if (!this.speaking) setTimeout(() => one.onend());
  }
  cancel() { this.speaking = false; silenced += 1; }
}
Object.defineProperty(self, "speechSynthesis", { value: new Speech() });
self.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
OWN, FROM_THE_NET = '["sv-SE", true]', '["sv-SE", false], ["en-GB", true]'


def test_the_page_is_read_in_its_order_and_stops(phone: Phone) -> None:
    phone.context.add_init_script(VOICES % f"{FROM_THE_NET}, {OWN}")
    begin(phone, "Satt vid fönstret. Vänta lite.")
    phone.open("/dagar/2026-11-19")
    phone.look()
    phone.tap("Läs upp")
    phone.until("speechSynthesis.speaking")
    said = phone.measure("said")
    assert said[0] == "Torsdag 19 november"
    assert said[-1] == "Satt vid fönstret. Vänta lite."
    assert not {"Läs upp", "Göm", "Hjälp"} & set(said)
    phone.tap("Sluta läsa")
    assert phone.measure("[silenced, said.length]") == [1, len(said)]
    phone.tap("Läs upp")
    phone.until("speechSynthesis.speaking")
    phone.ask("dispatchEvent(new Event('dagsform:going'))")  # as Göm does, before anything else
    assert phone.measure("[silenced, speechSynthesis.speaking]") == [2, False]
    # What is hidden or half-written is not said, and the end of the page is the end.
    phone.open("/hjalp")
    more = "<textarea aria-label=x>halvt</textarea><p hidden>dolt</p><p class=sr>viskat</p>"
    phone.ask(f"document.querySelector('main').insertAdjacentHTML('beforeend', '{more}')")
    phone.tap("Läs upp")
    phone.until("silenced === 1")
    said = phone.measure("said")
    assert (said[0], said[-1]) == ("Hjälp", "viskat")
    assert not {"halvt", "dolt"} & set(said)
    expect(phone.page.get_by_role("button", name="Läs upp")).to_be_visible()


@pytest.mark.parametrize("script", ["", VOICES % FROM_THE_NET], ids=["no voices", "from the net"])
def test_nothing_is_offered_without_a_voice_of_the_phones_own(phone: Phone, script: str) -> None:
    """A voice from the net would be sent what stands on the page (hard rule 7)."""
    phone.context.add_init_script(script or "speechSynthesis.getVoices = () => []")
    phone.open("/hjalp")
    expect(phone.page.locator("[data-read]")).to_be_hidden()
