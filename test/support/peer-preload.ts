import net from 'node:net';

/**
 * Loaded before the program with `--import`: whatever it connects to sees it come from the loopback address PEER, so that counterparts can tell equal
 * processes apart. The program itself has no switch for it.
 */
const localAddress = process.env['PEER'];

/** `net.connect` hands over a list with the options first; others call it with options, or with a port and a host. */
function fromPeer([first, ...rest]: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(first)) {
    Object.assign(first[0], { localAddress });
    return [first, ...rest];
  }
  if (typeof first === 'object') return [{ ...first, localAddress }, ...rest];
  const [host, ...more] = rest;
  return [{ port: Number(first), host, localAddress }, ...more];
}

net.Socket.prototype.connect = new Proxy(net.Socket.prototype.connect, {
  apply: (connect, socket, args) => Reflect.apply(connect, socket, fromPeer(args)),
});
