"""A window of WebKitGTK, the nearest to Safari that Debian has: MiniBrowser on a screen that nobody sees, by Selenium.

It stands behind the TLS proxy of the deploy recipe: WebKit keeps no Secure cookies on http://localhost.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests import long_run

PATIENCE = 20  # seconds; a busy machine is no fault
# Its sandbox wants rights that a container lacks, and only our own page is to be safe from; there is no graphics card.
_SURROUNDINGS = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}


class Window:
    """What a person does in it, in the words of the story (as `tests.stories.phone.Phone`)."""

    def __init__(self, driver: WebKitGTK, address: str) -> None:
        self.driver, self.address = driver, address
        driver.set_window_rect(0, 0, 390, 844)

    @property
    def title(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "h1").text

    def open(self, path: str = "/") -> None:
        self.driver.get(self.address + path)

    def tap(self, words: str) -> None:
        """The button, link or summary that says this."""
        says = f'contains(normalize-space(.), "{words}") or contains(@aria-label, "{words}")'
        self._press(f"//*[self::button or self::a or self::summary][{says}]")

    def answer(self, word: str) -> None:
        """One tap on the question “Hur är dagen?”."""
        self._press(f'//main//button[starts-with(normalize-space(.), "{word}")]')

    def write(self, field: str, text: str) -> None:
        self._until(lambda: self._written(field, text), field)

    def sees(self, *words: str) -> None:
        """Each of these stands, or comes to stand, on the page where it can be read."""
        for one in words:
            self._until(lambda one=one: one in self.glance(), one)  # type: ignore[misc]

    def does_not_see(self, *words: str) -> None:
        glance = self.glance()
        assert not [one for one in words if one in glance]

    def glance(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def until(self, script: str) -> None:
        """Waits until the page answers this with something true."""
        self._until(lambda: self.driver.execute_script(f"return {script}"), script)

    def _press(self, path: str) -> None:
        self._until(lambda: self._pressed(path), path)

    def _pressed(self, path: str) -> bool:
        shown = [one for one in self.driver.find_elements(By.XPATH, path) if one.is_displayed()]
        if shown:
            shown[0].click()
        return bool(shown)

    def _written(self, field: str, text: str) -> bool:
        labels = "[...document.querySelectorAll('label')]"
        found: WebElement | None = self.driver.execute_script(
            f"return {labels}.find((one) => one.textContent.trim() === arguments[0])?.control", field
        )
        if found:
            found.clear()
            found.send_keys(text)
        return bool(found)

    def _until(self, true: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if true():
                    return
            except StaleElementReferenceException:
                pass
            except WebDriverException as between:
                if time.monotonic() > end:
                    raise AssertionError(what) from between
            assert time.monotonic() < end, f"never: {what}\n{self.glance()}"
            time.sleep(0.05)


@contextmanager
def screen(command: str) -> Iterator[str]:
    """A screen in memory; its name."""
    told, tells = os.pipe()
    process = subprocess.Popen(
        [command, "-displayfd", str(tells), "-screen", "0", "800x1000x24", "-nolisten", "tcp"],
        pass_fds=[tells], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tells)
    try:
        with os.fdopen(told) as name:
            yield f":{name.readline().strip()}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def window(address: str, folder: Path) -> Iterator[Window]:
    """A window of its own, with cookies of its own; what it keeps and complains of lies in `folder`."""
    try:
        driver_path, browser, xvfb = long_run.webkit()
    except long_run.Missing as what_to_do:
        pytest.fail(str(what_to_do))
    options = Options()
    options.binary_location = browser
    options.add_argument("--automation")
    options.set_capability("acceptInsecureCerts", True)
    folder.mkdir(exist_ok=True)
    with screen(xvfb) as name:
        own = {"DISPLAY": name, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LANG": "C.UTF-8"}
        service = Service(
            driver_path, log_output=str(folder / "driver.log"), env={**os.environ, **_SURROUNDINGS, **own}
        )
        driver = WebKitGTK(options=options, service=service)
        try:
            yield Window(driver, address)
        finally:
            driver.quit()
