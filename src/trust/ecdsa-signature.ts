/** ECDSA signatures as metadata has them (DER, RFC 3279 §2.2.3) and as Web Crypto has them (r and s, 32 bytes each). */

const SIZE = 32;

/** Nothing unless it is the only DER spelling of two numbers that fit. */
export function plainSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const plain = new Uint8Array(2 * SIZE);
  let at = 2;
  for (const end of [SIZE, 2 * SIZE]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || number.length !== length) return undefined;
    // X.690 §8.3.2: no byte in front that is not needed; and no negative numbers.
    if (number[0]! >= 0x80 || (number[0] === 0 && (length === 1 || number[1]! < 0x80))) return undefined;
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (digits.length > SIZE) return undefined;
    plain.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? plain : undefined;
}

export function derSignature(plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const numbers = [plain.subarray(0, SIZE), plain.subarray(SIZE)].map((digits) => {
    const start = digits.findIndex((digit) => digit !== 0);
    const needed = [...digits.subarray(Math.max(start, 0))];
    return needed[0]! >= 0x80 ? [0, ...needed] : needed;
  });
  const body = numbers.flatMap((number) => [0x02, number.length, ...number]);
  return Uint8Array.from([0x30, body.length, ...body]);
}
