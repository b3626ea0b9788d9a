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
import { restLength, segmentAddress, segmentCount, segmentLength } from "./path.ts";
import { headerSlot, memberSlot } from "./tables.ts";
import { rawOf } from "./text.ts";

const PERCENT: u32 = 0x25;
const IP: u32 = 1;

// The fact that was read last. An absent one has the type `TYPE_ABSENT`.
export let factType: u32 = 0;
/** Of a text's bytes, or of a list's spans. */
export let factAddress: usize = 0;
/** An integer, 0 or 1, a text's length, or a list's count. */
export let factValue: i64 = 0;

let operation: usize = 0;

/** The operation whose parameters are meant from now on. */
export function readFactsOf(row: usize): void {
  operation = row;
}

/** Reads a fact; false where it is unknown: what cannot be read, as opposed to what was left out. */
export function readFact(fact: usize): bool {
  const a = load<u32>(fact, FACT_A);
  switch (load<u32>(fact, FACT_KIND)) {
    case FACT_KIND_CLAIM:
      if (kind !== KIND_TOKEN || (issuer as u32) !== a) return false;
      readSlot(memberSlot(load<u32>(fact, FACT_B)));
      return true;
    case FACT_KIND_PARAMETER:
      return readParameter(a);
    case FACT_KIND_REQUEST:
      return readRequest(a);
    case FACT_KIND_HEADER:
      return readHeader(a);
    case FACT_KIND_TOKEN:
      if (kind !== KIND_TOKEN) return false;
      factType = TYPE_INTEGER;
      factValue = a === 0 ? load<i64>(REQUEST, REQUEST_TIME) - issued : expires - issued;
      return true;
    case FACT_KIND_IDENTITY:
      readIdentity(a);
      return true;
    default:
      return false;
  }
}

function readSlot(slot: usize): void {
  factType = load<u32>(slot, FACT_SLOT_TYPE);
  factAddress = load<u32>(slot, FACT_SLOT_ADDRESS);
  factValue =
    factType >= (TYPE_TEXT as u32) ? (load<u32>(slot, FACT_SLOT_VALUE) as i64) : load<i64>(slot, FACT_SLOT_VALUE);
}

function readText(address: usize, length: u32): void {
  factType = TYPE_TEXT;
  factAddress = address;
  factValue = length as i64;
}

/** A parameter with an escape in it is unknown: gateway and upstream may not agree on what it says. */
function readParameter(number: u32): bool {
  let row: usize = load<u32>(operation, OPERATION_PARAMETERS);
  const end = row + load<u32>(operation, OPERATION_PARAMETER_COUNT) * PARAMETER_SIZE;
  for (; row < end; row += PARAMETER_SIZE) {
    if (load<u32>(row, PARAMETER_NUMBER) !== number) continue;
    const segment = load<u32>(row, PARAMETER_SEGMENT);
    if (segment >= segmentCount()) return false;
    const address = segmentAddress(segment);
    const length = load<u32>(row, PARAMETER_REST) ? restLength(segment) : segmentLength(segment);
    for (let i: u32 = 0; i < length; i++) if (load<u8>(address + i) === PERCENT) return false;
    readText(address, length);
    return true;
  }
  return false;
}

function readRequest(which: u32): bool {
  const offset: u32 =
    which === 0 ? REQUEST_HOST : which === IP ? REQUEST_IP : which === 2 ? REQUEST_METHOD : REQUEST_PATH;
  const address: usize = load<u32>(REQUEST + offset);
  const length = load<u32>(REQUEST + offset, 4);
  if (!address || (which === IP && !parseIp(address, length))) return false;
  readText(address, length);
  return true;
}

/** A header that came more than once is unknown. */
function readHeader(number: u32): bool {
  const slot = headerSlot(number);
  const type = load<u32>(slot, FACT_SLOT_TYPE);
  if (type !== TYPE_LIST) {
    readSlot(slot);
    return type === TYPE_ABSENT || type === TYPE_TEXT;
  }
  if (load<u32>(slot, FACT_SLOT_VALUE) !== 1) return false;
  const span: usize = load<u32>(slot, FACT_SLOT_ADDRESS);
  readText(load<u32>(span), load<u32>(span, 4));
  return true;
}

function readIdentity(which: u32): void {
  if (which === 2) {
    factType = TYPE_LIST;
    factAddress = load<u32>(identity, IDENTITY_TAGS);
    factValue = load<u32>(identity, IDENTITY_TAG_COUNT) as i64;
    return;
  }
  const text: usize =
    which === 0
      ? load<u32>(identity, IDENTITY_NAME)
      : which === 1
        ? load<u32>(identity, IDENTITY_OWNER)
        : load<u32>(load<u32>(identity, IDENTITY_TIER), TIER_NAME);
  readText(rawOf(text), load<u32>(text, TEXT_LENGTH));
}
