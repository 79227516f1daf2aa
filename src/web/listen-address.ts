/** `127.0.0.1:9420` or `[::1]:9420` as a host and a port. The configuration has checked its form. */
export function listenAddress(listen: string): { readonly host: string; readonly port: number } {
  const at = listen.lastIndexOf(':');
  return { host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(listen.slice(at + 1)) };
}
