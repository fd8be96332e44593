// @ts-check
// What a reload would show as well: times that go on, numbers of runs, lines of logs; and a question before what can't be undone.

/** @param {number} seconds */
const span = (seconds) =>
  seconds < 60 ? `${Math.floor(seconds)} s`
  : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
  : seconds < 172800 ? `${Math.floor(seconds / 3600)} h`
  : `${Math.floor(seconds / 86400)} d`;

const tick = () => {
  for (const time of document.querySelectorAll("time[data-live]")) {
    const seconds = (Date.now() - Date.parse(/** @type {HTMLTimeElement} */ (time).dateTime)) / 1000;
    const words = span(Math.abs(seconds));
    time.textContent = time.getAttribute("data-live") === "span" ? words : seconds < 0 ? `in ${words}` : `${words} ago`;
  }
};
tick();
setInterval(tick, 1000);

/** @param {string} key @param {unknown} value */
const put = (key, value) => {
  const place = document.querySelector(`[data-live-key="${CSS.escape(key)}"]`);
  if (place && place.textContent !== String(value)) {
    if (place instanceof HTMLProgressElement) place.value = Number(value);
    else place.textContent = String(value);
  }
};

/** @param {string} json */
const addLine = (json) => {
  const log = document.querySelector("ol.log");
  if (!log) return;
  const { time, level, message } = JSON.parse(json);
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 20;
  const [line, at, text] = ["li", "time", "span"].map((name) => document.createElement(name));
  [line.className, at.textContent, text.textContent] = [level, time, message];
  line.append(at, text);
  log.append(line);
  if (isAtEnd) log.scrollTop = log.scrollHeight;
};

// What somebody has reached with the keyboard, said so that it is found again in a newer copy of the page.
const places = () => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main :is(a, button, summary, input, select, textarea)"))];

/** @param {Document} fresh */
const exchange = (fresh) => {
  const [main, newer] = [document.querySelector("main"), fresh.querySelector("main")];
  if (!main || !newer) return location.reload();
  const before = places();
  const index = before.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const label = before[index]?.textContent;
  const open = new Set([...main.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
  main.replaceWith(document.adoptNode(newer));
  for (const summary of document.querySelectorAll("main details > summary")) {
    if (open.has(summary.textContent)) summary.parentElement?.setAttribute("open", "");
  }
  if (index >= 0) {
    const same = places().filter((place) => place.textContent === label);
    same[before.slice(0, index).filter((place) => place.textContent === label).length]?.focus({ preventScroll: true });
  }
  tick();
  listen();
};

// Somebody in the middle of something is not disturbed: the newer page comes when they have left it.
const refresh = async () => {
  const fields = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("main :is(input, textarea)"))];
  const isBusy = () => document.querySelector("dialog[open]") || document.activeElement?.matches("input, select, textarea")
    || fields().some((field) => field.value !== field.defaultValue);
  while (isBusy()) await new Promise((done) => setTimeout(done, 1000));
  const answer = await fetch(location.href);
  // A login that has ended sends elsewhere: there the browser goes itself.
  if (!answer.ok || answer.redirected) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  while (isBusy()) await new Promise((done) => setTimeout(done, 1000));
  exchange(fresh);
};

function listen() {
  const source = document.querySelector("[data-events]")?.getAttribute("data-events");
  if (!source) return;
  const events = new EventSource(source);
  events.addEventListener("line", (event) => addLine(event.data));
  events.addEventListener("put", (event) => Object.entries(JSON.parse(event.data)).forEach(([key, value]) => put(key, value)));
  // The server has more to show than numbers.
  events.addEventListener("end", () => {
    events.close();
    refresh();
  });
}
listen();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const dialog = document.querySelector("dialog#confirm");
  if (!(form instanceof HTMLFormElement && form.dataset.confirm && dialog instanceof HTMLDialogElement) || form.dataset.confirmed) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (dialog.querySelector("p")).textContent = form.dataset.confirm;
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  }, { once: true });
  dialog.returnValue = "";
  dialog.showModal();
});
