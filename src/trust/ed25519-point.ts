/** Whether 32 bytes may stand for an Ed25519 point: in their only spelling, and of no small order (threat T16). */

/** RFC 8032 §5.1: p = 2^255 − 19. */
const PRIME = (1n << 255n) - 19n;

const ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

/** The y of all points whose order divides 8: with such a key one signature fits many messages. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, PRIME - 1n, ORDER_8, PRIME - ORDER_8]);

export function isSoundPoint(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  let y = 0n;
  for (let index = 31; index >= 0; index--) y = (y << 8n) | BigInt(index === 31 ? bytes[index]! & 0x7f : bytes[index]!);
  return y < PRIME && !SMALL_ORDER.has(y);
}
