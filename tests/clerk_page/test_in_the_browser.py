"""The clerk's page in a real browser, on a real station: what a clerk sees and does, and what other pages cannot."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.journal import Journal
from kiosk_app.window.window_api.server import WindowApiServer
from tests.clerk_page.browser import DESK, PHONE, Browser
from tests.clerk_page.clerk import HALL, PINS, WRONG, Clocks, pin_store, serving
from tests.window.window_rig import DEVICE, WindowRig

FILES = Path(__file__).parents[2] / "kiosk_app" / "window" / "clerk_page" / "files"
TEXTS = json.loads((FILES / "texts.json").read_text(encoding="utf-8"))
CHINESE, ENGLISH = TEXTS["zh-CN"], TEXTS["en"]


@pytest.fixture(scope="module")
def one_browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture
def rig(storage: Path) -> Iterator[WindowRig]:
    rig = WindowRig(storage)
    bind(rig, "1203")
    yield rig
    rig.close()


@pytest.fixture
def server(rig: WindowRig, storage: Path, clocks: Clocks) -> Iterator[WindowApiServer]:
    with serving(rig.station, storage, clocks, patience_seconds=5) as server:
        yield server


@pytest.fixture
def url(server: WindowApiServer) -> str:
    return f"http://127.0.0.1:{server.address[1]}/"


@pytest.fixture
def browser(one_browser: Browser, url: str) -> Browser:
    """The page is open, and nobody is signed in."""
    one_browser.forget()
    one_browser.open(url)
    one_browser.sees("sign-in", CHINESE["sign_in"])
    return one_browser


def bind(rig: WindowRig, staff_no: str) -> None:
    journal = Journal.open_or_start(rig.directory, device_id=DEVICE, clock=rig.clock, software="test")
    payload = {"window": "12", "staff_no": staff_no, "by": "test", "reason": ""}
    journal.append(Draft(Kind.STAFF_BOUND, payload, rig.clock.now()))
    journal.close()
    rig.settle()


def sign_in(browser: Browser, staff_no: str = "1203", pin: str | None = None) -> None:
    browser.type("staff-no", staff_no)
    browser.type("pin", pin or PINS[staff_no])
    browser.submit("sign-in")


def call(browser: Browser, ticket_no: str = "A001") -> None:
    browser.type("ticket-no", ticket_no)
    browser.submit("call")
    browser.sees("state-name", ticket_no.upper())


def say(key: str, **values: object) -> str:
    return str(CHINESE[key]).format(**values)


def test_a_day_of_a_clerk(browser: Browser, rig: WindowRig) -> None:
    browser.picture("sign-in")
    sign_in(browser)
    browser.sees("state-name", CHINESE["idle"])
    browser.sees("window-number", "12")
    browser.sees("hall", HALL)
    browser.sees("person", "测试甲（1203）")
    browser.picture("idle")
    call(browser, "a001")
    browser.picture("serving")
    browser.press("invite")
    browser.sees("state-name", CHINESE["inviting"])
    browser.sees("state-wait", "30")
    assert not any(browser.element(part).is_displayed() for part in ("call", "service", "pause", "away"))
    browser.picture("inviting")
    rig.key("very_dissatisfied")
    browser.sees("state-name", CHINESE["idle"])
    browser.type("reason", "开会")
    browser.element("back-at").send_keys("1430")
    browser.wait(lambda: browser.element("back-at").get_property("value"), "no time was typed")
    browser.press("sign-out")
    browser.sees("sign-in")
    browser.sees("alert", CHINESE["signed_out"])
    assert browser.console() == []
    (opened,) = rig.records("visit_opened")
    assert (opened.payload["ticket_no"], opened.payload["opened_by"]) == ("A001", "staff_page")
    assert (opened.payload["staff_no"], opened.payload["staff_no_called"]) == ("1203", "1203")


def test_the_page_says_that_the_choice_cannot_be_seen_and_it_is_true(browser: Browser, rig: WindowRig) -> None:
    """R6: whatever is chosen, the page looks the same afterwards, in its text and in its tree."""
    sign_in(browser)
    looks = set()
    for level in ("very_satisfied", "very_dissatisfied"):
        call(browser)
        browser.press("invite")
        browser.sees("state-name", CHINESE["inviting"])
        rig.key(level)
        browser.sees("state-name", CHINESE["idle"])
        looks.add(str(browser.driver.execute_script("return document.documentElement.outerHTML")))
        rig.pass_time(600)
    assert len(looks) == 1
    (look,) = looks
    assert CHINESE["unseen"] in look
    assert not any(word in look for word in ("satisfied", "满意", "rated", "missed", "level"))
    assert len(rig.records("rating")) == 2


def test_a_wrong_pin_is_told_and_after_five_the_wait_in_seconds(browser: Browser, clocks: Clocks) -> None:
    for _ in range(4):
        sign_in(browser, pin=WRONG)
        browser.sees("alert", CHINESE["wrong_pin"])
        browser.sees("sign-in")
        assert browser.element("pin").get_property("value") == ""
    sign_in(browser, pin=WRONG)
    browser.sees("alert", say("wrong_pin_wait", seconds=15))
    browser.picture("wrong-pin")
    sign_in(browser)
    browser.sees("alert", say("pin_wait", seconds=15))
    assert browser.element("pin") == browser.driver.switch_to.active_element
    clocks.advance(15)
    sign_in(browser)
    browser.sees("state-name", CHINESE["idle"])
    browser.sees_not("alert")


def test_a_visit_without_a_number_is_ended_without_an_invitation(browser: Browser, rig: WindowRig) -> None:
    sign_in(browser)
    browser.press("open")
    browser.sees("state-name", CHINESE["serving"])
    browser.press("end")
    browser.sees("state-name", CHINESE["idle"])
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "not_invited"
    assert browser.console() == []


def test_the_window_is_paused_with_reason_and_time_and_resumed(browser: Browser, rig: WindowRig) -> None:
    sign_in(browser)
    browser.sees("pause", CHINESE["pause_title"])
    (lunch,) = [button for button in browser.driver.find_elements(By.CLASS_NAME, "suggestion") if button.text == "午休"]
    lunch.click()
    # The last minute of the day is later than now, whenever this is.
    set_time(browser, "23:59")
    browser.submit("pause")
    browser.sees("state-name", CHINESE["paused"])
    browser.sees("state-detail", "午休")
    browser.sees("state-detail", "23:59")
    browser.picture("paused")
    (paused,) = rig.records("window_paused")
    assert paused.payload["reason"] == "午休"
    assert paused.payload["back_at"].endswith("T23:59:00+08:00")
    browser.press("resume")
    browser.sees("state-name", CHINESE["idle"])
    assert browser.console() == []


def set_time(browser: Browser, time: str) -> None:
    """What typing it gives; how it is typed depends on the browser's own language."""
    browser.driver.execute_script("arguments[0].value = arguments[1]", browser.element("back-at"), time)


def test_a_time_that_is_past_is_not_put_on_the_sign(browser: Browser, rig: WindowRig) -> None:
    sign_in(browser)
    browser.sees("pause")
    set_time(browser, "00:00")
    browser.submit("pause")
    browser.sees("alert", CHINESE["past_time"])
    assert rig.records("window_paused") == []


def test_a_pause_asked_for_while_serving_follows_the_visit(browser: Browser) -> None:
    sign_in(browser)
    call(browser)
    browser.sees("pause", CHINESE["pause_later_title"])
    browser.type("reason", "取材料")
    browser.submit("pause")
    browser.sees("away", CHINESE["away_follows"])
    browser.sees("away", "取材料")
    browser.picture("serving-pause-follows")
    browser.press("resume")
    browser.sees_not("away")
    browser.submit("pause")
    browser.sees("away", CHINESE["away_follows"])
    browser.press("end")
    browser.sees("state-name", CHINESE["paused"])
    assert browser.console() == []


def test_a_page_that_is_behind_is_told_in_words_how_long_to_wait(browser: Browser, rig: WindowRig) -> None:
    """Another page, or a business system, invited meanwhile: what is pressed is refused, and nothing is shortened."""
    sign_in(browser)
    call(browser)
    browser.driver.execute_script("window.fetchState = window.fetch; window.fetch = (path, options) => "
        "path === '/clerk/state' && window.isBehind ? new Promise(() => {}) : window.fetchState(path, options);"
        "window.isBehind = true;")  # fmt: skip
    (opened,) = rig.records("visit_opened")
    assert opened.visit_id is not None
    rig.station.invite(opened.visit_id)
    # From its refusal on, the page may see again.
    browser.driver.execute_script("setTimeout = ((set) => (work, ms) => set(work, ms))(setTimeout)")
    browser.driver.execute_script(
        "document.getElementById('end').addEventListener('click', () => { window.isBehind = false; }, true)"
    )
    browser.press("end")
    browser.sees("alert", say("refused_inviting", seconds=30))
    browser.sees("state-name", CHINESE["inviting"])
    browser.picture("refused")
    assert rig.records("rating_missed") == []


def test_who_is_not_bound_to_the_window_is_told_so(browser: Browser, rig: WindowRig) -> None:
    sign_in(browser, "1204")
    browser.sees("binding", say("other_staff", name="测试甲", staff_no="1203"))
    browser.picture("other-staff")
    call(browser)
    (opened,) = rig.records("visit_opened")
    assert (opened.payload["staff_no"], opened.payload["staff_no_called"]) == ("1203", "1204")


def test_the_page_speaks_english_too_and_remembers_it(browser: Browser) -> None:
    browser.press("language")
    browser.sees("sign-in", ENGLISH["sign_in"])
    sign_in(browser)
    browser.sees("state-name", ENGLISH["idle"])
    assert browser.driver.execute_script("return document.documentElement.lang") == "en"
    browser.picture("idle-en")
    browser.driver.refresh()
    browser.sees("state-name", ENGLISH["idle"])
    assert not any("\u4e00" <= character <= "\u9fff" for character in browser.element("call").text)
    browser.press("language")
    browser.sees("state-name", CHINESE["idle"])


def test_everything_is_reached_by_the_keyboard_alone(browser: Browser) -> None:
    browser.wait(lambda: focused(browser) == "staff-no", "the page does not begin at its first field")
    press_keys(browser, "1203", Keys.TAB, PINS["1203"], Keys.ENTER)
    browser.sees("state-name", CHINESE["idle"])
    browser.wait(lambda: focused(browser) == "state-name", "the focus was lost when the form went")
    press_keys(browser, Keys.TAB, "a007", Keys.ENTER)
    browser.sees("state-name", "A007")
    browser.wait(lambda: focused(browser) == "state-name", "the focus was lost when the form went")
    press_keys(browser, Keys.TAB)
    assert focused(browser) == "invite"
    press_keys(browser, Keys.SPACE)
    browser.sees("state-name", CHINESE["inviting"])


def focused(browser: Browser) -> str:
    return str(browser.driver.switch_to.active_element.get_attribute("id"))


def press_keys(browser: Browser, *keys: str) -> None:
    for some in keys:
        browser.driver.switch_to.active_element.send_keys(some)


def test_every_field_and_button_has_a_name_and_what_changes_is_announced(browser: Browser) -> None:
    sign_in(browser)
    browser.sees("pause")
    for control in browser.driver.find_elements(By.CSS_SELECTOR, "input, button"):
        if control.is_displayed():
            assert control.accessible_name, control.get_attribute("outerHTML")
    assert browser.element("alert").get_attribute("role") == "alert"
    assert browser.element("state").find_element(By.CSS_SELECTOR, "[role=status]").text == CHINESE["idle"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "device"), [(DESK, "desk"), (PHONE, "phone"), ((320, 640), "small-phone")])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, url: str, language: str, size: tuple[int, int], device: str
) -> None:
    browser.open(url, size)
    browser.sees("sign-in")
    if language == "en":
        browser.press("language")
    sign_in(browser, "1204")
    browser.sees("binding")
    assert_fits(browser)
    call(browser)
    assert_fits(browser)
    browser.picture(f"{device}-serving-{language}")
    browser.press("invite")
    browser.sees("state-wait")
    assert_fits(browser)
    if language == "en":
        browser.press("language")


def assert_fits(browser: Browser) -> None:
    script = """return [...document.querySelectorAll("body *")].filter((element) => element.getClientRects().length > 0
        && element.getBoundingClientRect().right > window.innerWidth + 0.5).map((element) => element.outerHTML)"""
    assert browser.driver.execute_script(script) == []


def test_a_session_that_ends_elsewhere_asks_to_sign_in_again(browser: Browser, storage: Path, clocks: Clocks) -> None:
    sign_in(browser)
    browser.sees("state-name", CHINESE["idle"])
    with pin_store(storage, clocks) as pins:
        pins.set("1203", "97531")
    browser.sees("alert", CHINESE["session_over"])
    browser.sees("sign-in")
    assert browser.console() == []


def test_who_does_nothing_for_long_is_asked_before_being_signed_out(browser: Browser, clocks: Clocks) -> None:
    sign_in(browser)
    browser.sees("state-name", CHINESE["idle"])
    clocks.advance(26 * 60)
    browser.sees("ends-soon", say("ends_soon", minutes=4))
    browser.picture("ends-soon")
    browser.press("stay")
    browser.sees_not("ends-soon")
    clocks.advance(30 * 60)
    browser.sees("alert", CHINESE["session_over"])


def test_a_terminal_that_is_away_is_told_and_found_again(
    browser: Browser, rig: WindowRig, storage: Path, clocks: Clocks, server: WindowApiServer
) -> None:
    sign_in(browser)
    browser.sees("state-name", CHINESE["idle"])
    browser.driver.execute_script(
        "window.realFetch = window.fetch; window.fetch = () => Promise.reject(new TypeError('away'))"
    )
    browser.sees("not-reached", CHINESE["not_reached"])
    browser.driver.execute_script("window.fetch = window.realFetch")
    browser.sees_not("not-reached")
    browser.sees("state-name", CHINESE["idle"])


def test_the_pages_policy_holds(browser: Browser, url: str) -> None:
    """No script, style, picture or request but our own; nothing of it is evaluated."""
    assert browser.console() == []
    script = """
        const done = arguments[0];
        const violations = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            violations.push(event.effectiveDirective);
            if (violations.length === 5) done(violations.sort());
        });
        const add = (name, attributes, text) => {
            const element = Object.assign(document.createElement(name), attributes);
            element.textContent = text || "";
            document.head.append(element);
        };
        add("script", {}, "window.ran = true");
        add("script", {src: "http://127.0.0.1:1/x.js"});
        add("style", {}, "body { color: red }");
        add("base", {href: "http://127.0.0.1:1/"});
        fetch("http://127.0.0.1:1/").catch(() => {});
    """
    violated = browser.driver.execute_async_script(script)
    assert violated == ["base-uri", "connect-src", "script-src-elem", "script-src-elem", "style-src-elem"]
    assert browser.driver.execute_script("return window.ran") is None


ATTACK = """<!doctype html><meta charset="utf-8"><title>attack</title>
<iframe id="frame" name="frame" src="{target}"></iframe>
<form id="form" action="{target}clerk/visits" method="post" enctype="text/plain" target="frame">
  <input name='{{"ticket_no": "A666", "x' value='":1}}'></form>
<script>
  const actions = ["clerk/visits", "clerk/resume", "clerk/pause", "clerk/sign-out"];
  const plain = {{method: "POST", mode: "no-cors", credentials: "include", body: "{{}}"}};
  const headers = {{"Content-Type": "application/json"}};
  const json = {{method: "POST", credentials: "include", body: "{{}}", headers}};
  const results = actions.flatMap((path) => [plain, json].map((how) => fetch("{target}" + path, how).then(
    (answer) => answer.type === "opaque" ? "unreadable" : "READ " + answer.status, () => "refused")));
  results.push(fetch("{target}clerk/state", {{credentials: "include"}}).then(() => "READ", () => "refused"));
  const frame = document.getElementById("frame");
  results.push(new Promise((sent) => {{
    frame.onload = () => {{ frame.onload = () => sent("sent"); document.getElementById("form").submit(); }};
  }}));
  Promise.all(results).then((all) => {{ document.title = "attacked " + [...new Set(all)].sort().join(" "); }});
</script>"""


@contextmanager
def attackers_page(target: str) -> Iterator[str]:
    """A page of another program on this machine: for the browser the same site, but another origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACK.format(target=target).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as attacker:
        thread = threading.Thread(target=attacker.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{attacker.server_port}/"
        attacker.shutdown()
        thread.join()


def test_a_page_of_another_origin_cannot_act_for_the_clerk(browser: Browser, rig: WindowRig, url: str) -> None:
    sign_in(browser)
    browser.sees("state-name", CHINESE["idle"])
    with attackers_page(url) as attack:
        browser.open(attack)
        browser.wait(lambda: browser.driver.title.startswith("attacked"), "the attack never ended")
        assert browser.driver.title == "attacked refused sent"
        complaints = " ".join(browser.console())
        assert "frame-ancestors 'none'" in complaints, "the page could be framed"
        assert "status of 403" in complaints, "what the form sent reached the terminal"
    browser.open(url)
    browser.sees("state-name", CHINESE["idle"])
    assert rig.records("visit_opened", "window_paused", "window_resumed") == []
