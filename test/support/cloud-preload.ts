import net from 'node:net';
import tls from 'node:tls';

/**
 * Loaded before the program with `--import`: a direct connection to one of the vendor's names goes to its stand-in on loopback, whose port
 * CLOUD_PORTS names in JSON. The program itself has no switch for it.
 */
const ports: Readonly<Record<string, number>> = JSON.parse(process.env['CLOUD_PORTS'] ?? '{}');

/** The program's HTTP client hands over an options object with the host's name. */
function redirected(options: unknown): unknown {
  const port = ports[Object(options).host];
  return port === undefined ? options : { ...Object(options), host: '127.0.0.1', port };
}

/** What else they are called with is passed on as it came. */
function direct<T extends (...options: never[]) => unknown>(connect: T): T {
  return new Proxy(connect, {
    apply: (target, self, [options, ...more]) => Reflect.apply(target, self, [redirected(options), ...more]),
  });
}

net.connect = direct(net.connect);
tls.connect = direct(tls.connect);
