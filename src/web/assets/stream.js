// Hears the server for all windows of a browser, which has six connections for it: with one for each, the seventh would never be loaded.
// Where a browser has no shared workers, each window has this as a worker of its own.
const windows = new Set();
let events = null;
let openedAt = 0;

function tell(what) {
  for (const port of windows) port.postMessage(what);
}

function open() {
  events?.close();
  openedAt = Date.now();
  events = new EventSource('/events');
  for (const what of ['ready', 'here', 'changed', 'error']) events.addEventListener(what, () => tell(what));
}

function leave(port) {
  windows.delete(port);
  if (windows.size > 0) return;
  events?.close();
  events = null;
}

// A browser gives up where the answer is no stream, and waits for ever where a network is gone.
const ONCE_MS = 10_000;
function hearAgain(asked) {
  if (events === null || events.readyState === EventSource.CLOSED) return true;
  return asked === 'again' && events.readyState === EventSource.OPEN && Date.now() - openedAt > ONCE_MS;
}

function connect(port) {
  port.addEventListener('message', ({ data }) => {
    if (data === 'leave') return leave(port);
    windows.add(port);
    if (hearAgain(data)) return open();
    if (events.readyState === EventSource.OPEN) port.postMessage('ready');
  });
  port.start?.();
}

if ('onconnect' in globalThis) globalThis.addEventListener('connect', ({ ports }) => connect(ports[0]));
else connect(globalThis);
