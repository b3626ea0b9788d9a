/** Numbers of a JSON text: whether one is a safe integer once it is rounded to 64 bits of floating point, however it is spelled. */

const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const DOT: u32 = 0x2e;
const LOWER_E: u32 = 0x65;
const MAX_SAFE: u64 = 9007199254740991;
/** Exponents count no further than this: a text is much shorter. */
const FAR: i64 = 1000000000;

/** Of the number that was read last. */
export let isSafeInteger: bool = false;
export let integer: i64 = 0;
/** Whether it is too large for 64 bits of floating point, or so near to a border that it cannot be told here. */
export let isInfinite: bool = false;

/** The digits of the number at hand, as if they stood in one row. */
let wholeStart: usize = 0;
let wholeCount: i64 = 0;
let fractionStart: usize = 0;
let digitCount: i64 = 0;

export function isNumberStart(unit: u32): bool {
  return unit - 0x30 < 10 || unit === MINUS;
}

/** @returns the address after the number, 0 where there is none */
export function readNumber(start: usize): usize {
  const negative = load<u8>(start) === MINUS;
  const first = start + (negative as usize);
  let at = first;
  let value: u64 = 0;
  const word = load<u64>(at);
  if (areDigits(word)) {
    value = valueOfDigits(word);
    at += 8;
  }
  for (; isDigit(at); at++) value = value * 10 + (load<u8>(at) - 0x30);
  const count = at - first;
  if (count === 0 || (count > 1 && load<u8>(first) === 0x30)) return 0;
  isInfinite = false;
  const unit: u32 = load<u8>(at);
  if (unit === DOT || (unit | 0x20) === LOWER_E || count > 18) return readLong(first, at, negative);
  isSafeInteger = value <= MAX_SAFE;
  integer = negative ? -(value as i64) : (value as i64);
  return at;
}

function isDigit(at: usize): bool {
  return (load<u8>(at) as u32) - 0x30 < 10;
}

const ONES: u64 = ((0x01010101 as u64) << 32) | 0x01010101;

/** Whether all eight bytes of a word are digits: none is below `0`, and none is above `9`. */
function areDigits(word: u64): bool {
  return ((word & (ONES * 0xf0)) | (((word + ONES * 6) & (ONES * 0xf0)) >> 4)) === ONES * 0x33;
}

/** The number that eight digits are, the first of them in the lowest byte: pairs of digits, then of pairs, then of fours. */
function valueOfDigits(word: u64): u64 {
  const pairs = ((word & (ONES * 0x0f)) * 2561) >> 8;
  const fours = ((pairs & (((0x00ff00ff as u64) << 32) | 0x00ff00ff)) * 6553601) >> 16;
  return ((fours & (((0x0000ffff as u64) << 32) | 0x0000ffff)) * 42949672960001) >> 32;
}

function readLong(first: usize, at: usize, negative: bool): usize {
  wholeStart = first;
  wholeCount = (at - first) as i64;
  digitCount = wholeCount;
  if (load<u8>(at) === DOT) {
    fractionStart = ++at;
    while (isDigit(at)) at++;
    if (at === fractionStart) return 0;
    digitCount += (at - fractionStart) as i64;
  }
  let exponent: i64 = 0;
  if ((load<u8>(at) | 0x20) === LOWER_E) {
    const sign: u32 = load<u8>(++at);
    if (sign === MINUS || sign === PLUS) at++;
    if (!isDigit(at)) return 0;
    for (; isDigit(at); at++) exponent = min(exponent * 10 + (load<u8>(at) - 0x30), FAR);
    if (sign === MINUS) exponent = -exponent;
  }
  evaluate(exponent, negative);
  return at;
}

function digit(place: i64): u32 {
  if (place >= digitCount) return 0;
  const at = place < wholeCount ? wholeStart + (place as usize) : fractionStart + ((place - wholeCount) as usize);
  return load<u8>(at) - 0x30;
}

/**
 * The first digits of half of the smallest number, which is rounded to 0, and of what is half a step above the largest one, which is
 * rounded to infinity. Nobody has reason to write a number that begins so: it is refused, whichever side it may be on.
 */
const TINY = "2470328229206232720882843964341106861825";
const TINY_MAGNITUDE: i64 = -323;
const HUGE = "1797693134862315807937289714053034150799";
const HUGE_MAGNITUDE: i64 = 309;

/** Reads the row of digits as 0.DDD × 10 ^ magnitude, the first of them not 0. */
function evaluate(exponent: i64, negative: bool): void {
  let place: i64 = 0;
  while (place < digitCount && digit(place) === 0) place++;
  const magnitude = wholeCount + exponent - place;
  let value: u64 = BETWEEN;
  if (place === digitCount || magnitude < TINY_MAGNITUDE) value = 0;
  else if (magnitude === TINY_MAGNITUDE) {
    const side = compareDigits(place, TINY);
    if (side < 0) value = 0;
    isInfinite = side === 0;
  } else if (magnitude > HUGE_MAGNITUDE) isInfinite = true;
  else if (magnitude === HUGE_MAGNITUDE) isInfinite = compareDigits(place, HUGE) >= 0;
  else if (magnitude >= 0 && magnitude <= 16) {
    value = 0;
    for (const end = place + magnitude; place < end; place++) value = value * 10 + digit(place);
    value = rounded(value, place);
  }
  isSafeInteger = value <= MAX_SAFE;
  integer = negative ? -(value as i64) : (value as i64);
}

/** How the digits compare with those of a text: −1, 0 or 1. */
function compareDigits(place: i64, text: string): i32 {
  const theirs = changetype<usize>(text);
  const count = text.length;
  for (let i = 0; i < count; i++) {
    const difference = (digit(place + i) as i32) - ((load<u16>(theirs + (i << 1)) as i32) - 0x30);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** No integer comes out. */
const BETWEEN: u64 = ((0xffffffff as u64) << 32) | 0xffffffff;

/** The integer to which 64 bits of floating point (IEEE 754 binary64, ties to even) round `whole` and the fraction from `place` on. */
function rounded(whole: u64, place: i64): u64 {
  if (whole > MAX_SAFE) return BETWEEN;
  if (compareFraction(place, 0, 0) === 0) return whole;
  // A fraction of half a step is 2 ^ −bits.
  const bits: i64 = 53 - (whole ? 63 - (clz(whole) as i64) : -1);
  const half = compareFraction(place, 1, bits);
  // From 2^52 on the step is 1: there a half goes to the even one. Below, integers are even.
  if (bits === 1) return half < 0 ? whole : half > 0 ? whole + 1 : whole + (whole & 1);
  if (whole && half <= 0) return whole;
  return compareFraction(place, ((1 as u64) << (bits as u64)) - 1, bits) >= 0 ? whole + 1 : BETWEEN;
}

/** How the fraction from `place` on compares with numerator × 2 ^ −bits: −1, 0 or 1. */
function compareFraction(place: i64, numerator: u64, bits: i64): i32 {
  const mask = ((1 as u64) << (bits as u64)) - 1;
  let rest = numerator;
  for (; place < digitCount || rest; place++) {
    rest *= 10;
    const difference = (digit(place) as i32) - ((rest >> (bits as u64)) as i32);
    if (difference) return difference;
    rest &= mask;
  }
  return 0;
}
