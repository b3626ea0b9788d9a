/** What the engine keeps of one request besides the records: fixed places between the records and the tables, each bounded. */

/** Spans of the path's segments. */
export const SEGMENTS = 0x8000;
export const SEGMENT_LIMIT = 64;
/** Spans of the names in the token's scope. */
export const SCOPE_NAMES = 0x8200;
export const SCOPE_NAME_LIMIT = 128;
/** For each of those names the row of the scope or of the translation that it stands for. */
export const CARRIED = 0x8600;
/** 16 bytes of an IP address. */
export const IP_BYTES = 0x8800;
/** Slots for two facts that have none of their own. */
export const FACT_ROOM = 0x8840;
export const OTHER_FACT_ROOM = 0x8850;
/** Digits of one number, right-aligned before `DIGITS_END`. */
export const DIGITS_END = 0x8880;
/** Fixed parts of the answer's text, prepared once. */
export const FRAGMENTS = 0x8900;
/** Addresses of the grants that the decision rests on. */
export const GRANTS = 0xa000;
export const GRANT_LIMIT = 3072;
/** A copy of a subject, where the place of the request is needed. */
export const SUBJECT = 0xd000;
export const SUBJECT_LIMIT = 2048;
/** The headers for the upstream, where they fit. */
export const UPSTREAM = 0xe000;
export const UPSTREAM_ROOM = 0x1e00;
