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

const source = document.querySelector("[data-events]")?.getAttribute("data-events");
if (source) {
  const events = new EventSource(source);
  events.addEventListener("line", (event) => addLine(event.data));
  events.addEventListener("put", (event) => Object.entries(JSON.parse(event.data)).forEach(([key, value]) => put(key, value)));
  // The server has more to show than numbers: unless somebody is in the middle of something, the page is loaded anew.
  events.addEventListener("end", () => {
    events.close();
    if (!document.querySelector("dialog[open]") && !(document.activeElement instanceof HTMLInputElement)) location.reload();
  });
}

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
