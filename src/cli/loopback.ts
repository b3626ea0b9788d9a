/** Whether an address is this machine: then nobody else hears what is said in the clear. */

/** @param host of a URL, so an IPv6 address is in brackets */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
