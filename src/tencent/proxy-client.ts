import { DecoratorHandler, type Dispatcher, Pool } from 'undici';

const OK = 200;
const LOGIN_WANTED = 407;

/** Connections to a proxy whose failures say that it was the proxy, and never with its password. */
export function createProxyClient(proxy: URL, options: object): Dispatcher {
  const name = `the proxy ${proxy.protocol}//${proxy.host}`;
  return new Pool(proxy, options).compose((dispatch) => (request, handler) => {
    return dispatch(request, new Explaining(name, handler));
  });
}

class Explaining extends DecoratorHandler {
  readonly #name: string;
  readonly #handler: Dispatcher.DispatchHandler;

  constructor(name: string, handler: Dispatcher.DispatchHandler) {
    super(handler);
    this.#name = name;
    this.#handler = handler;
  }

  onRequestUpgrade(...[controller, status, headers, socket]: Parameters<Upgrade>): void {
    if (status === OK) {
      this.#handler.onRequestUpgrade?.(controller, status, headers, socket);
      return;
    }
    // What the proxy says further is for nobody; its end must not be an error without a listener.
    socket.on('error', () => undefined).destroy();
    const remedy =
      status === LOGIN_WANTED ? 'give its user and password in HTTPS_PROXY' : 'allow the host of the endpoint there';
    this.#fail(controller, `${this.#name} refuses to connect (HTTP ${status}); ${remedy}`);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    // Before a connection there is no controller, whatever its type says.
    if (controller?.aborted === true) this.#handler.onResponseError?.(controller, error);
    else this.#fail(controller, `${this.#name} is not reached: ${reasonOf(error)}`);
  }

  #fail(controller: Dispatcher.DispatchController, message: string): void {
    this.#handler.onResponseError?.(controller, new Error(message));
  }
}

type Upgrade = NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>;

/** A dual-stack connection failure has no text of its own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error.message;
}
