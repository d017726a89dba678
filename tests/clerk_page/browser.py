"""A real browser without a screen, as a clerk's PC has one; waits for what is to be seen, never for time."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PICTURES = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parents[2] / "build" / "screenshots")
_PATIENCE_SECONDS = 20
DESK, PHONE = (1024, 768), (390, 844)


class Browser:
    """One browser for many tests: each begins with no cookie and an empty log."""

    def __init__(self, *, trusts: str | None = None) -> None:
        """`trusts` is the SHA-256 of a certificate's public key, in base 64, as if the hall had handed it out."""
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"):
            options.add_argument(argument)
        if trusts:
            options.add_argument(f"--ignore-certificate-errors-spki-list={trusts}")
        # Selenium is told where everything is, so that it downloads nothing.
        os.environ["SE_OFFLINE"] = "true"
        self.driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))

    def close(self) -> None:
        self.driver.quit()

    def forget(self) -> None:
        """Begin anew: no cookies, no kept language, an empty console."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.console()

    def open(self, url: str, size: tuple[int, int] = DESK) -> None:
        """Open a page in a window whose inside has this size."""
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.get(url)

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until it is so, or fail with what was waited for and what is there instead."""
        waiting = WebDriverWait(self.driver, _PATIENCE_SECONDS, poll_frequency=0.05)
        waiting.until(lambda _: condition(), f"{what}\n{self.text()}")

    def element(self, element_id: str) -> WebElement:
        return self.driver.find_element(By.ID, element_id)

    def sees(self, element_id: str, words: str = "") -> None:
        """Wait until an element is shown with these words among its own."""
        self.wait(lambda: self._shows(element_id, words), f"{element_id} never showed {words!r}")

    def sees_not(self, element_id: str) -> None:
        """Wait until an element is not shown."""
        self.wait(lambda: not self.element(element_id).is_displayed(), f"{element_id} was always shown")

    def press(self, element_id: str) -> None:
        """Wait for a button and press it."""
        self.sees(element_id)
        self.element(element_id).click()

    def type(self, element_id: str, text: str) -> None:
        self.sees(element_id)
        self.element(element_id).clear()
        self.element(element_id).send_keys(text)

    def submit(self, form_id: str) -> None:
        """Press the one button that submits a form."""
        self.sees(form_id)
        self.element(form_id).find_element(By.CSS_SELECTOR, "button[type=submit]").click()

    def text(self) -> str:
        """All that can be read."""
        return str(self.driver.execute_script("return document.body ? document.body.innerText : ''"))

    def console(self) -> list[str]:
        """What the console has complained about since it was last asked; refused requests are the terminal's words."""
        lines = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [line["message"] for line in lines if line["level"] in ("SEVERE", "WARNING")]

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        width = self.driver.execute_script("return window.innerWidth")
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        assert self.driver.save_screenshot(str(PICTURES / f"clerk-{name}.png"))

    def _shows(self, element_id: str, words: str) -> bool:
        element = self.element(element_id)
        return element.is_displayed() and words in element.text
