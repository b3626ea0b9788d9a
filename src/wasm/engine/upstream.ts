/** What a legacy upstream is told about a caller whom it cannot check itself: the text of one JSON object. */
import {
  IDENTITY_NAME,
  IDENTITY_OWNER,
  IDENTITY_TIER,
  OPERATION_UPSTREAM,
  OPERATION_UPSTREAM_COUNT,
  PART_IDENTITY,
  PART_KIND,
  PART_LITERAL,
  PART_OWNER,
  PART_SIZE,
  PART_TEXT,
  PART_TIER,
  RESULT,
  RESULT_UPSTREAM,
  RESULT_UPSTREAM_LENGTH,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  TIER_NAME,
  UPSTREAM_NAME,
  UPSTREAM_PART_COUNT,
  UPSTREAM_PARTS,
  UPSTREAM_SIZE,
} from "../layout.ts";
import { copy } from "./copy.ts";
import { identity, isSubjectOfRequest, subjectAddress, subjectLength } from "./credential.ts";
import { escapedLength, writeEscaped } from "./escape.ts";
import { allocate, fail } from "./memory.ts";
import { SUBJECT, SUBJECT_LIMIT, UPSTREAM, UPSTREAM_ROOM } from "./scratch.ts";

let subject: usize = 0;

/** Writes no headers: nothing was asked for, or nobody was. */
export function writeNoUpstream(): void {
  store<u16>(UPSTREAM, 0x7d7b);
  store<u32>(RESULT, UPSTREAM, RESULT_UPSTREAM);
  store<u32>(RESULT, 2, RESULT_UPSTREAM_LENGTH);
}

export function writeUpstream(operation: usize): void {
  const count = load<u32>(operation, OPERATION_UPSTREAM_COUNT);
  if (count === 0) {
    writeNoUpstream();
    return;
  }
  const first: usize = load<u32>(operation, OPERATION_UPSTREAM);
  const end = first + count * UPSTREAM_SIZE;
  subject = subjectAddress;
  let length: u32 = 1;
  for (let header = first; header < end; header += UPSTREAM_SIZE) {
    length += headerLength(header);
    if (length > LONGEST) fail("too much for the upstream");
  }
  let start: usize = UPSTREAM;
  if (length + ROOM_TO_COPY > (UPSTREAM_ROOM as u32)) {
    // The request may lie where the heap is free; of all that is in it, only this is still read.
    if (isSubjectOfRequest && subjectLength <= (SUBJECT_LIMIT as u32)) {
      copy(SUBJECT, subject, subjectLength);
      subject = SUBJECT;
    }
    start = allocate(length + ROOM_TO_COPY);
  }
  store<u8>(start, 0x7b);
  let at = start + 1;
  for (let header = first; header < end; header += UPSTREAM_SIZE) {
    at = writeHeader(at, header);
    store<u8>(at++, header + UPSTREAM_SIZE < end ? 0x2c : 0x7d);
  }
  store<u32>(RESULT, start as u32, RESULT_UPSTREAM);
  store<u32>(RESULT, (at - start) as u32, RESULT_UPSTREAM_LENGTH);
}

/** Texts are copied by words. */
const ROOM_TO_COPY: u32 = 16;

/** Tables that ask for more lie: there, and only there, it would take long. */
const LONGEST: u32 = 1 << 20;

/** Name, colon, quotes, and what follows. */
function headerLength(header: usize): u32 {
  let length = contentLength(load<u32>(header, UPSTREAM_NAME)) + 6;
  let part: usize = load<u32>(header, UPSTREAM_PARTS);
  const end = part + load<u32>(header, UPSTREAM_PART_COUNT) * PART_SIZE;
  for (; part < end; part += PART_SIZE) {
    const text = textOf(part);
    length += text ? contentLength(text) : escapedLength(subject, subjectLength);
    if (length > LONGEST) fail("too much for the upstream");
  }
  return length;
}

/** How long the text is as JSON, without its quotes. */
function contentLength(text: usize): u32 {
  const length = load<u32>(text, TEXT_JSON_LENGTH) - 2;
  if (length > LONGEST) fail("too much for the upstream");
  return length;
}

function writeHeader(to: usize, header: usize): usize {
  const name: usize = load<u32>(header, UPSTREAM_NAME);
  let at = copy(to, name + TEXT_JSON, load<u32>(name, TEXT_JSON_LENGTH));
  store<u16>(at, 0x223a);
  at += 2;
  let part: usize = load<u32>(header, UPSTREAM_PARTS);
  const end = part + load<u32>(header, UPSTREAM_PART_COUNT) * PART_SIZE;
  for (; part < end; part += PART_SIZE) {
    const text = textOf(part);
    at = text
      ? copy(at, text + TEXT_JSON + 1, load<u32>(text, TEXT_JSON_LENGTH) - 2)
      : writeEscaped(at, subject, subjectLength);
  }
  store<u8>(at, 0x22);
  return at + 1;
}

/** The text of a part, or 0 for the subject. */
function textOf(part: usize): usize {
  switch (load<u32>(part, PART_KIND)) {
    case PART_LITERAL:
      return load<u32>(part, PART_TEXT);
    case PART_IDENTITY:
      return load<u32>(identity, IDENTITY_NAME);
    case PART_OWNER:
      return load<u32>(identity, IDENTITY_OWNER);
    case PART_TIER:
      return load<u32>(load<u32>(identity, IDENTITY_TIER), TIER_NAME);
    default:
      return 0;
  }
}
