/** What the request says about a fact that a condition reads. */
import {
  FACT_A,
  FACT_B,
  FACT_KIND,
  FACT_KIND_CLAIM,
  FACT_KIND_HEADER,
  FACT_KIND_IDENTITY,
  FACT_KIND_PARAMETER,
  FACT_KIND_REQUEST,
  FACT_KIND_TOKEN,
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  IDENTITY_NAME,
  IDENTITY_OWNER,
  IDENTITY_TAG_COUNT,
  IDENTITY_TAGS,
  IDENTITY_TIER,
  OPERATION_PARAMETER_COUNT,
  OPERATION_PARAMETERS,
  PARAMETER_NUMBER,
  PARAMETER_REST,
  PARAMETER_SEGMENT,
  PARAMETER_SIZE,
  REQUEST,
  REQUEST_HOST,
  REQUEST_IP,
  REQUEST_METHOD,
  REQUEST_PATH,
  REQUEST_TIME,
  TEXT_LENGTH,
  TIER_NAME,
  TYPE_ABSENT,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_TEXT,
} from "../layout.ts";
import { expires, identity, issued, issuer, KIND_TOKEN, kind } from "./credential.ts";
import { parseIp } from "./ip-address.ts";
import { isUnescaped, restLength, segmentAddress, segmentCount, segmentLength } from "./path.ts";
import { headerSlot, memberSlot } from "./tables.ts";
import { rawOf } from "./text.ts";

const PERCENT: u32 = 0x25;
const IP: u32 = 1;

let operation: usize = 0;

/** The operation whose parameters are meant from now on. */
export function readFactsOf(row: usize): void {
  operation = row;
}

/**
 * The slot that says what a fact is; 0 where it is unknown: what cannot be read, as opposed to what was left out.
 * @param room where a slot can be written, if there is none yet
 */
export function slotOf(fact: usize, room: usize): usize {
  const a = load<u32>(fact, FACT_A);
  const factKind = load<u32>(fact, FACT_KIND);
  // Asked one after the other, in the order of how common they are: that is faster than a table of jumps.
  if (factKind === FACT_KIND_CLAIM)
    return kind === KIND_TOKEN && (issuer as u32) === a ? memberSlot(load<u32>(fact, FACT_B)) : 0;
  if (factKind === FACT_KIND_PARAMETER) return slotOfParameter(a, room);
  if (factKind === FACT_KIND_HEADER) return slotOfHeader(a, room);
  if (factKind === FACT_KIND_REQUEST) return slotOfRequest(a, room);
  if (factKind === FACT_KIND_TOKEN) return slotOfToken(a, room);
  return factKind === FACT_KIND_IDENTITY ? slotOfIdentity(a, room) : 0;
}

function slotOfToken(which: u32, room: usize): usize {
  if (kind !== KIND_TOKEN) return 0;
  store<u32>(room, TYPE_INTEGER, FACT_SLOT_TYPE);
  store<i64>(room, (which === 0 ? load<i64>(REQUEST, REQUEST_TIME) : expires) - issued, FACT_SLOT_VALUE);
  return room;
}

function slotOfText(room: usize, address: usize, length: u32): usize {
  store<u32>(room, TYPE_TEXT, FACT_SLOT_TYPE);
  store<u32>(room, address as u32, FACT_SLOT_ADDRESS);
  store<u32>(room, length, FACT_SLOT_VALUE);
  return room;
}

/** A parameter with an escape in it is unknown: gateway and upstream may not agree on what it says. */
function slotOfParameter(number: u32, room: usize): usize {
  let row: usize = load<u32>(operation, OPERATION_PARAMETERS);
  const end = row + load<u32>(operation, OPERATION_PARAMETER_COUNT) * PARAMETER_SIZE;
  for (; row < end; row += PARAMETER_SIZE) {
    if (load<u32>(row, PARAMETER_NUMBER) !== number) continue;
    const segment = load<u32>(row, PARAMETER_SEGMENT);
    if (segment >= segmentCount()) return 0;
    const address = segmentAddress(segment);
    const length = load<u32>(row, PARAMETER_REST) ? restLength(segment) : segmentLength(segment);
    return isUnescaped || !hasEscape(address, length) ? slotOfText(room, address, length) : 0;
  }
  return 0;
}

function hasEscape(address: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(address + i) === PERCENT) return true;
  return false;
}

function slotOfRequest(which: u32, room: usize): usize {
  const offset: u32 =
    which === 0 ? REQUEST_HOST : which === IP ? REQUEST_IP : which === 2 ? REQUEST_METHOD : REQUEST_PATH;
  const address: usize = load<u32>(REQUEST + offset);
  const length = load<u32>(REQUEST + offset, 4);
  return address && (which !== IP || parseIp(address, length)) ? slotOfText(room, address, length) : 0;
}

/** A header that came more than once is unknown. */
function slotOfHeader(number: u32, room: usize): usize {
  const slot = headerSlot(number);
  const type = load<u32>(slot, FACT_SLOT_TYPE);
  if (type === TYPE_TEXT || type === TYPE_ABSENT) return slot;
  if (type !== TYPE_LIST || load<u32>(slot, FACT_SLOT_VALUE) !== 1) return 0;
  const span: usize = load<u32>(slot, FACT_SLOT_ADDRESS);
  return slotOfText(room, load<u32>(span), load<u32>(span, 4));
}

function slotOfIdentity(which: u32, room: usize): usize {
  if (which === 2) {
    store<u32>(room, TYPE_LIST, FACT_SLOT_TYPE);
    store<u32>(room, load<u32>(identity, IDENTITY_TAGS), FACT_SLOT_ADDRESS);
    store<u32>(room, load<u32>(identity, IDENTITY_TAG_COUNT), FACT_SLOT_VALUE);
    return room;
  }
  const text: usize =
    which === 0
      ? load<u32>(identity, IDENTITY_NAME)
      : which === 1
        ? load<u32>(identity, IDENTITY_OWNER)
        : load<u32>(load<u32>(identity, IDENTITY_TIER), TIER_NAME);
  return slotOfText(room, rawOf(text), load<u32>(text, TEXT_LENGTH));
}
