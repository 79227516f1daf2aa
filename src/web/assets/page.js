// The page works without this file: it only saves clicks and keeps itself up to date.
const root = document.documentElement;
root.classList.add('js');

const follow = document.querySelector('a[data-follow]');
if (follow) location.replace(follow.href);

// Times that count: the server's own words, with 11 for the greater and 22 for the smaller number.
const forms = (root.dataset.durations ?? '').split('|');

function duration(ms) {
  const [daysHours, days, hoursMinutes, hours, minutes, less] = forms;
  const d = Math.floor(ms / 86_400_000);
  const h = Math.floor((ms % 86_400_000) / 3_600_000);
  const m = Math.floor((ms % 3_600_000) / 60_000);
  const say = (form, greater, smaller) => form.replace(/11|22/g, (place) => (place === '11' ? greater : smaller));
  if (d > 0) return h > 0 ? say(daysHours, d, h) : say(days, d, '');
  if (h > 0) return m > 0 ? say(hoursMinutes, h, m) : say(hours, h, '');
  return m > 0 ? say(minutes, '', m) : less;
}

const notYet = new WeakSet();
function count() {
  const [, , , , , , inForm, agoForm] = forms;
  if (agoForm === undefined) return;
  for (const time of document.querySelectorAll('time[data-count]')) {
    const left = Date.parse(time.dateTime) - Date.now();
    const said = duration(Math.abs(left));
    const alone = time.dataset.count === 'left' && left >= 0;
    const text = alone ? said : (left >= 0 ? inForm : agoForm).replace('11', said);
    if (time.textContent !== text) time.textContent = text;
    // What the server says beside a time is another thing once that has passed.
    if (left >= 0) notYet.add(time);
    else if (notYet.delete(time)) void refreshSoon();
  }
}
count();
setInterval(count, 5_000);

// Copying: the line of the nearest group; the button says that it is done.
document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('button[data-copied]');
  if (!button) return;
  const line = button.closest('[data-lines]')?.querySelector('.line');
  if (!line) return;
  try {
    await navigator.clipboard.writeText(line.textContent);
  } catch {
    // Only a page from https or this machine may write to the clipboard: the line is shown and marked instead.
    line.closest('details')?.setAttribute('open', '');
    getSelection()?.selectAllChildren(line);
    return;
  }
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = label;
  }, 2_000);
});

// What came of a form is said once, not again when the page is loaded anew.
const address = new URL(location.href);
if (address.searchParams.has('done')) {
  address.searchParams.delete('done');
  history.replaceState(null, '', address);
}

// A person's name is typed once on a device.
const NAME = 'repairwatch-name';
function fillNames() {
  for (const field of document.querySelectorAll('input[name="by"]'))
    if (field.value === '') field.value = localStorage.getItem(NAME) ?? '';
}
document.addEventListener('submit', (event) => {
  const name = event.target.querySelector?.('input[name="by"]')?.value.trim();
  if (name) localStorage.setItem(NAME, name);
});
fillNames();

// Bringing the page up to date: only what differs is touched, so that focus, selection, open details and the scroll stay.
const isBeingFilled = (form) =>
  [...form.elements].some(
    (field) =>
      (field.name !== 'by' &&
        'defaultValue' in field &&
        field.type !== 'hidden' &&
        field.value !== field.defaultValue) ||
      (field.type === 'checkbox' && field.checked !== field.defaultChecked) ||
      field === document.activeElement,
  );

function bringUpToDate(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  // What a person is filling in keeps the revision that it was begun with; the server refuses it where that is over.
  if (old.nodeName === 'FORM' && isBeingFilled(old)) return;
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes])
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const named = new Map([...old.children].filter(({ id }) => id !== '').map((child) => [child.id, child]));
  const kept = new Set([...fresh.children].map(({ id }) => id).filter((id) => id !== ''));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const own = wanted.id ? named.get(wanted.id) : undefined;
    // What is gone before it is taken away first: an element that moves loses the focus.
    while (own && at && at !== own && !kept.has(at.id)) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    if (own && own !== at) old.insertBefore(own, at);
    const present = own ?? (at?.id ? null : at);
    if (!present) {
      old.insertBefore(wanted, at);
      continue;
    }
    at = present.nextSibling;
    bringUpToDate(present, wanted);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

async function refresh() {
  const main = document.querySelector('main[data-live]');
  triedAt = Date.now();
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  // Signed out meanwhile, or the store cannot be read.
  isRefused = !answer.ok || answer.redirected;
  if (isRefused) sayStale();
  if (!main || isRefused) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('main[data-live]');
  if (!fresh) return;
  const focused = document.activeElement;
  bringUpToDate(main, fresh);
  // Lost where its task changed its place.
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  document.title = page.title;
  fillNames();
  count();
  hear();
}

const GAP_MS = 2_000;
let wanted = false;
let busy = false;
async function refreshSoon() {
  wanted = true;
  if (busy) return;
  busy = true;
  while (wanted) {
    wanted = false;
    await refresh().catch(() => undefined); // The server is away; it says "changed" again when it is back.
    await new Promise((go) => setTimeout(go, GAP_MS));
  }
  busy = false;
}

// The server says every 20 s that it is there. A page that has not heard it says so: what it shows may be over.
const SILENT_MS = 60_000;
const LOST_MS = 15_000;
const stale = document.querySelector('#stale');
let stream = null;
let isListening = false;
let isOpen = false;
let askedAt = 0;
let triedAt = 0;
let heardAt = Date.now();
let isRefused = false;
/** Something may have changed while nobody listened. */
let isMissing = document.visibilityState === 'hidden';

function hear() {
  if (isRefused) return;
  heardAt = Date.now();
  if (stale) stale.hidden = true;
}

function sayStale() {
  const time = stale?.querySelector('time');
  if (!time || !stale.hidden) return;
  time.dateTime = new Date(heardAt).toISOString();
  count();
  stale.hidden = false;
}

const HEARD = {
  ready() {
    isOpen = true;
    hear();
    if (isMissing) void refreshSoon();
    isMissing = false;
  },
  here: hear,
  changed() {
    hear();
    void refreshSoon();
  },
  error() {
    isOpen = false;
    isMissing = true;
  },
};

// A worker hears the server for all windows at once.
function connect(path) {
  const port = 'SharedWorker' in window ? new SharedWorker(path).port : new Worker(path);
  port.addEventListener('message', ({ data }) => HEARD[data]());
  port.start?.();
  return port;
}

// Only what is seen is kept up to date.
function listen(ask = 'listen') {
  if (isListening) isMissing = true;
  isOpen = false;
  isListening = document.visibilityState !== 'hidden';
  askedAt = Date.now();
  if (isListening) stream ??= connect(live.dataset.live);
  stream?.postMessage(isListening ? ask : 'leave');
}

function watchOver() {
  if (!isListening) return;
  const now = Date.now();
  if (isRefused && now - triedAt >= LOST_MS) void refreshSoon();
  if (now - Math.max(askedAt, heardAt) < (isOpen ? SILENT_MS : LOST_MS)) return;
  sayStale();
  listen('again');
}

const live = document.querySelector('main[data-live]');
if (live && 'Worker' in window) {
  document.addEventListener('visibilitychange', () => listen());
  setInterval(watchOver, 5_000);
  listen();
}
