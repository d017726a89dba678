// The clerk's page: shows the state of the window and asks it for what a clerk may ask.
//
// The page decides nothing: every rule is the terminal's, and what it refuses is said in words. Nothing about a rating
// ever reaches this page.
"use strict";

(() => {
  const POLL_MS = 2000;
  const TICK_MS = 250;
  const SOON_SECONDS = 5 * 60;
  const LANGUAGES = ["zh-CN", "en"];

  // The word of the page for each refusal of the terminal, by the end of the problem document's type.
  const REFUSALS = {
    "visit-open": "refused_visit_open",
    "inviting": "refused_inviting",
    "paused": "refused_paused",
    "visit-finished": "refused_finished",
    "unknown-visit": "refused_unknown",
    "cannot-record": "refused_cannot_record",
    "cannot-sign-in": "refused_cannot_sign_in",
    "busy": "refused_busy",
    "invalid-field": "refused_field",
    "unreadable-request": "refused_field",
    "sign-in-required": "session_over",
  };

  const element = (id) => document.getElementById(id);

  let texts = null;
  let language = rememberedLanguage();
  let state = null;
  let asked = 0; // how often the state was asked for: an older answer never replaces a newer one
  let reached = true;
  let busy = false;
  let alert = null; // {key, values}: kept as such, so that another language can say it too
  let mayTryAt = null;
  let closesAt = null;
  let pollTimer = null;

  // -- words ----------------------------------------------------------------------------------------------------------

  function rememberedLanguage() {
    try {
      const remembered = localStorage.getItem("language");
      return LANGUAGES.includes(remembered) ? remembered : LANGUAGES[0];
    } catch {
      return LANGUAGES[0]; // a browser that keeps nothing
    }
  }

  function say(key, values = {}) {
    return texts[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  function nameOf(person) {
    return person.name ? say("signed_in", person) : person.staff_no;
  }

  function changeLanguage() {
    language = LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];
    try {
      localStorage.setItem("language", language);
    } catch {
      // It is asked for again next time.
    }
    showWords();
    show();
  }

  function showWords() {
    document.documentElement.lang = language;
    document.title = say("title");
    for (const labelled of document.querySelectorAll("[data-text]")) {
      labelled.textContent = say(labelled.dataset.text);
    }
  }

  // -- talking to the terminal ----------------------------------------------------------------------------------------

  async function ask(path, body) {
    const options =
      body === undefined
        ? {}
        : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, { ...options, cache: "no-store", credentials: "same-origin" });
    const text = await response.text();
    return {
      done: response.ok,
      document: text ? JSON.parse(text) : null,
      seconds: Number(response.headers.get("Retry-After")),
    };
  }

  async function refresh() {
    clearTimeout(pollTimer);
    const number = ++asked;
    let answer = null;
    try {
      answer = await ask("/clerk/state");
    } catch {
      // The terminal, or the network, is away for the moment.
    }
    if (number !== asked) return;
    reached = Boolean(answer && answer.done);
    if (reached) take(answer.document);
    show();
    if (!state || state.person || !reached) pollTimer = setTimeout(refresh, POLL_MS);
  }

  function take(next) {
    const before = state;
    state = next;
    const seconds = next.window && next.window.closes_in_seconds;
    closesAt = seconds ? performance.now() + seconds * 1000 : null;
    if (before && before.person && !next.person && !alert) tell("session_over");
    const was = before && before.window && before.window.state;
    if (was && next.window && was !== next.window.state) tell(null);
  }

  async function act(path, body, { refused = tellRefusal } = {}) {
    if (busy) return false;
    busy = true;
    tell(null);
    try {
      const answer = await ask(path, body);
      await refresh();
      if (!answer.done) refused(answer);
      return answer.done;
    } catch {
      reached = false;
      return false;
    } finally {
      busy = false;
      show();
    }
  }

  function kindOf(answer) {
    return answer.document && answer.document.type ? answer.document.type.split(":").pop() : "";
  }

  function tellRefusal(answer) {
    tell(REFUSALS[kindOf(answer)] || "refused_other", { seconds: answer.seconds });
  }

  function tellWrongPin(answer) {
    const key = { "wrong-pin": answer.seconds ? "wrong_pin_wait" : "wrong_pin", "too-many-wrong-pins": "pin_wait" }[
      kindOf(answer)
    ];
    if (!key) {
      tellRefusal(answer);
      return;
    }
    tell(key, { seconds: answer.seconds });
    if (answer.seconds) mayTryAt = performance.now() + answer.seconds * 1000;
  }

  function tell(key, values) {
    alert = key ? { key, values } : null;
    mayTryAt = null;
  }

  // -- showing --------------------------------------------------------------------------------------------------------

  function show() {
    showText("alert", alert && say(alert.key, alert.values));
    element("not-reached").hidden = reached;
    if (!state) {
      element("loading").hidden = false;
      return;
    }
    element("loading").hidden = true;
    const person = state.person;
    element("sign-in").hidden = Boolean(person);
    element("desk").hidden = !person;
    element("sign-out").hidden = !person;
    showText("hall", state.hall);
    showText("person", person && nameOf(person));
    showText("window-number", state.window && say("window", state.window));
    if (person) showDesk();
    keepFocus();
  }

  function showDesk() {
    const view = state.window;
    showBinding(view.staff);
    showEndOfSession();
    showState(view);
    element("call").hidden = view.state !== "idle";
    element("service").hidden = view.state !== "serving";
    const waiting = view.state === "serving" && view.away;
    element("away").hidden = !(waiting || view.state === "paused");
    showText("away-text", waiting && [say("away_follows"), ...awayWords(view.away)].join(" "));
    element("resume").textContent = say(waiting ? "resume_waiting" : "resume");
    element("resume").classList.toggle("primary", !waiting);
    element("pause").hidden = !(view.state === "idle" || (view.state === "serving" && !view.away));
    const later = view.state === "serving" ? "_later" : "";
    element("pause-title").textContent = say(`pause${later}_title`);
    element("pause-button").textContent = say(`pause${later}`);
  }

  function showState(view) {
    element("state").dataset.state = view.state;
    const withTicket = view.state === "serving" && view.ticket_no;
    showText("state-name", say(withTicket ? "serving_ticket" : view.state, view));
    showText("state-detail", view.state === "paused" && view.away && awayWords(view.away).join(" · "));
    showText("state-hint", say(`${view.state}_hint`));
    showWait();
  }

  function showWait() {
    const inviting = state && state.window && state.window.state === "inviting" && closesAt !== null;
    const seconds = inviting ? Math.max(0, Math.ceil((closesAt - performance.now()) / 1000)) : 0;
    showText("state-wait", inviting && say("inviting_wait", { seconds }));
  }

  function awayWords(away) {
    const words = [];
    if (away.reason) words.push(say("paused_reason", away));
    if (away.back_at) words.push(say("paused_back", { time: away.back_at.slice(11, 16) }));
    return words;
  }

  function showBinding(staff) {
    let words = null;
    if (!staff) words = say("no_staff");
    else if (staff.staff_no !== state.person.staff_no) {
      words = say("other_staff", { name: staff.name || staff.staff_no, staff_no: staff.staff_no });
    }
    showText("binding", words);
  }

  function showEndOfSession() {
    const seconds = state.person.seconds_left;
    const soon = seconds <= SOON_SECONDS;
    element("ends-soon").hidden = !soon;
    showText("ends-soon-text", soon && say("ends_soon", { minutes: Math.max(1, Math.ceil(seconds / 60)) }));
  }

  // Changed only where it differs: a screen reader announces what is written anew.
  function showText(id, words) {
    const shown = element(id);
    if (words && shown.textContent !== words) shown.textContent = words;
    if (!words && shown.textContent) shown.textContent = "";
    shown.hidden = !words;
  }

  // What had the focus may be hidden now: the keyboard goes on at what is shown instead.
  function keepFocus() {
    const focused = document.activeElement;
    if (focused && focused !== document.body && focused.getClientRects().length > 0) return;
    const next = state.person ? element("state-name") : element("staff-no");
    next.focus({ preventScroll: true });
  }

  function tick() {
    if (!texts || !state) return;
    if (mayTryAt !== null && performance.now() >= mayTryAt) {
      tell("pin_may_try");
      show();
    }
    showWait();
    if (closesAt !== null && performance.now() >= closesAt) {
      closesAt = null;
      refresh();
    }
  }

  // -- what the clerk does --------------------------------------------------------------------------------------------

  function onSubmit(id, work) {
    element(id).addEventListener("submit", (event) => {
      event.preventDefault();
      work();
    });
  }

  function onClick(id, work) {
    element(id).addEventListener("click", work);
  }

  function complain(key, id) {
    tell(key);
    show();
    element(id).focus();
  }

  async function signIn() {
    const staff = element("staff-no");
    const pin = element("pin");
    if (!staff.value.trim() || !pin.value) {
      complain("fill_sign_in", staff.value.trim() ? "pin" : "staff-no");
      return;
    }
    const body = { staff_no: staff.value.trim(), pin: pin.value };
    pin.value = "";
    const done = await act("/clerk/sign-in", body, { refused: tellWrongPin });
    if (done) staff.value = "";
    else pin.focus();
  }

  async function signOut() {
    if (await act("/clerk/sign-out", {})) {
      tell("signed_out");
      show();
    }
  }

  async function call() {
    const ticket = element("ticket-no");
    const code = element("rating-code");
    const number = ticket.value.trim().toUpperCase();
    if (!number) {
      complain("fill_ticket", "ticket-no");
      return;
    }
    if (await act("/clerk/visits", { ticket_no: number, rating_code: code.value.trim() })) {
      ticket.value = "";
      code.value = "";
    }
  }

  async function pause() {
    const reason = element("reason");
    const time = element("back-at");
    if (time.value && time.value <= state.now.slice(11, 16)) {
      complain("past_time", "back-at");
      return;
    }
    // The day and the offset are those of the terminal, whatever this computer's clock says.
    const backAt = time.value ? `${state.now.slice(0, 11)}${time.value}:00${state.now.slice(19)}` : null;
    if (await act("/clerk/pause", { reason: reason.value.trim(), back_at: backAt })) {
      reason.value = "";
      time.value = "";
    }
  }

  function ofVisit(what) {
    const visitId = state.window.visit_id;
    if (visitId) act(`/clerk/visits/${encodeURIComponent(visitId)}/${what}`, {});
  }

  async function begin() {
    texts = await (await fetch("/clerk/files/texts.json")).json();
    showWords();
    onClick("language", changeLanguage);
    onSubmit("sign-in", signIn);
    onClick("sign-out", signOut);
    onSubmit("call", call);
    onClick("open", () => act("/clerk/visits", {}));
    onClick("invite", () => ofVisit("invite"));
    onClick("end", () => ofVisit("end"));
    onSubmit("pause", pause);
    onClick("resume", () => act("/clerk/resume", {}));
    onClick("stay", () => act("/clerk/stay", {}));
    for (const suggestion of document.querySelectorAll(".suggestion")) {
      suggestion.addEventListener("click", () => {
        element("reason").value = suggestion.textContent;
      });
    }
    setInterval(tick, TICK_MS);
    await refresh();
  }

  begin();
})();
