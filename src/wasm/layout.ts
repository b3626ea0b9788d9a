/**
 * Every address, offset and number on which the packer, the engine and the gateway agree. TABLES.md says it in words.
 *
 * The engine (AssemblyScript) and everything else (TypeScript) import this same file: so here are plain numbers only.
 * All integers are little-endian; a reference is an address in the module's memory, 0 is "none". Times are seconds, 64 bits.
 */

// ---- Memory: never used, the engine's constants, its scratch, the tables, the slots, the heap.
/** The engine's constants lie from here on. */
export const STATIC = 1024;
/** The one request that is being decided. */
export const REQUEST = 0x2000;
/** The one decision that was made. */
export const RESULT = 0x2400;
/** The rest of the engine's scratch, up to the tables. */
export const SCRATCH = 0x2800;
/** Tables always lie here, so their references are absolute. */
export const TABLES = 0x10000;
/** In place of an end that is open; every time is less. */
export const FOREVER = 9_007_199_254_740_992;

// ---- Header of the tables, at `TABLES`.
export const MAGIC = 0x54495257; // the bytes `WRIT`
export const VERSION = 1;
export const HEADER_MAGIC = 0;
export const HEADER_VERSION = 4;
/** Bytes of all tables, header included; a multiple of 8. */
export const HEADER_LENGTH = 8;
/** Murmur3 (seed: `MAGIC`) of everything after this word. */
export const HEADER_DIGEST = 12;
/** The seed of every other hash, so that nobody can prepare collisions before a policy is released. */
export const HEADER_SEED = 16;
export const HEADER_REVISION = 20; // text
export const HEADER_PUBLIC_DELAY = 24; // 64 bits, as are the next three
export const HEADER_SEQUENCE = 32;
export const HEADER_NOT_BEFORE = 40;
export const HEADER_NOT_AFTER = 48;
export const HEADER_IDENTITIES = 56; // index, of identities by issuer and subject
export const HEADER_SPIFFE_IDS = 64; // index, of identities by SPIFFE subject, whatever the issuer
export const HEADER_KEYS = 72; // index, of static keys by id
export const HEADER_ISSUERS = 80; // index, by URL
export const HEADER_MEMBERS = 88; // index, of the names in a token that anything asks for
export const HEADER_MEMBER_COUNT = 96;
export const HEADER_HEADERS = 100; // index, of the request headers that a condition reads
export const HEADER_HEADER_COUNT = 108;
export const HEADER_SCOPES = 112; // index, of our own vocabulary
export const HEADER_HOSTS = 120; // index
export const HEADER_METHODS = 128; // index
export const HEADER_SPIFFE_START = 136; // state, or 0
// Lists (address, count) of all rows, for readers; the engine does not use them.
export const HEADER_TIERS = 140;
export const HEADER_GRANTS = 148;
export const HEADER_DENIES = 156;
export const HEADER_OPERATIONS = 164;
export const HEADER_CONDITIONS = 172;
export const HEADER_FACTS = 180;
export const HEADER_STATES = 188;
/** How many numbers scopes have, those outside the vocabulary included. */
export const HEADER_SCOPE_COUNT = 196;
export const HEADER_SIZE = 200;

// ---- Text: raw length, hash (with the seed), length of its JSON text, the JSON text with its quotes.
export const TEXT_LENGTH = 0;
export const TEXT_HASH = 4;
export const TEXT_JSON_LENGTH = 8;
/** Where the JSON text has no escape, the raw bytes are inside it, one byte on; else they follow it. */
export const TEXT_JSON = 12;

// ---- Index: open addressing with linear probing, at most half full, always a power of two of slots.
export const INDEX_MASK = 0; // slots − 1
export const INDEX_SLOTS = 4; // address; 0 where the index is empty
export const INDEX_SIZE = 8;
export const SLOT_HASH = 0;
export const SLOT_ROW = 4; // 0: free
export const SLOT_SIZE = 8;
/** Every row that an index finds begins with the length of its key; the key itself stands at the row's `…_KEY`. */
export const ROW_KEY_LENGTH = 0;

// ---- Rows. Those with `_KEY` are found by an index and end with their key, padded to 8 bytes; rows are 8-aligned.
export const IDENTITY_ISSUER = 4; // issuer row, or 0. Its index hashes the subject with seed + ISSUER_NUMBER.
export const IDENTITY_NAME = 8; // text
export const IDENTITY_TIER = 12; // tier row; 0 where the tier is not declared
export const IDENTITY_OWNER = 16; // text
export const IDENTITY_RIGHTS = 20; // rights
export const IDENTITY_FROM = 24; // 64 bits, inclusive; 0 where open
export const IDENTITY_EXPIRES = 32; // 64 bits, exclusive; FOREVER where open
export const IDENTITY_TAGS = 40; // list of spans
export const IDENTITY_TAG_COUNT = 44;
export const IDENTITY_KEY = 48; // the subject; empty for patterns and where there are only static keys

export const TIER_NAME = 0; // text
export const TIER_AUTHENTICATION = 4; // bits PRESENTED_…
export const TIER_TRUST = 8;
export const TIER_AUDIENCES = 12;
export const TIER_REVOKES_TOKENS = 16;
export const TIER_BOUND_LIFETIME = 24; // 64 bits, as are the next three; 0 where left out
export const TIER_BEARER_LIFETIME = 32;
export const TIER_REVOCATION_DELAY = 40;
export const TIER_KEY_ROTATION = 48;
export const TIER_SIZE = 56;
export const PRESENTED_BEARER = 1;
export const PRESENTED_DPOP = 2;
export const PRESENTED_KEY = 4;
export const PRESENTED_MTLS = 8;
export const PRESENTED_SVID = 16;

export const STATIC_KEY_IDENTITY = 4; // identity row
export const STATIC_KEY_CREATED = 8; // 64 bits
export const STATIC_KEY_KEY = 16; // the id

export const ISSUER_NAME = 4; // text
export const ISSUER_NUMBER = 8; // from 1
export const ISSUER_AUDIENCE = 12; // text
export const ISSUER_CLAIMS = 16; // claim rows
export const ISSUER_CLAIM_COUNT = 20;
export const ISSUER_TRANSLATIONS = 24; // index (its 8 bytes stand here), of foreign scope names that are not ours
export const ISSUER_KEY = 32; // the URL

export const CLAIM_MEMBER = 0; // number of the member
export const CLAIM_TYPE = 4; // CLAIM_TYPE_…
export const CLAIM_OPTIONAL = 8;
export const CLAIM_VALUES = 12; // address of an index of value rows, or 0
export const CLAIM_SIZE = 16;
export const CLAIM_TYPE_BOOLEAN = 1;
export const CLAIM_TYPE_INTEGER = 2;
export const CLAIM_TYPE_STRING = 3;
export const CLAIM_TYPE_STRINGS = 4;

export const VALUE_KEY = 4; // a set of texts is an index of rows that are nothing but their key

export const MEMBER_NUMBER = 4; // also of request headers, which count on their own
export const MEMBER_KEY = 8;
export const MEMBER_ISS = 0;
export const MEMBER_SUB = 1;
export const MEMBER_AUD = 2;
export const MEMBER_EXP = 3;
export const MEMBER_IAT = 4;
export const MEMBER_NBF = 5;
export const MEMBER_JTI = 6;
export const MEMBER_SCOPE = 7;
export const MEMBER_CNF = 8;
/** The claims of all issuers have the numbers from here on. */
export const MEMBER_OTHERS = 9;

export const SCOPE_NUMBER = 4;
export const SCOPE_IMPLIED = 8; // numbers, ascending, without its own
export const SCOPE_IMPLIED_COUNT = 12;
export const SCOPE_KEY = 16;

export const TRANSLATION_SCOPES = 4; // numbers, ascending
export const TRANSLATION_SCOPE_COUNT = 8;
export const TRANSLATION_KEY = 12;

export const HOST_STATE = 4; // state
export const HOST_KEY = 8;

export const METHOD_NUMBER = 4;
export const METHOD_KEY = 8;

export const STATE_LITERALS = 0; // index (its 8 bytes), of where a segment of exactly this text leads
export const STATE_OTHER = 8; // state to which every other non-empty segment leads, or 0
export const STATE_FOUND = 12; // found rows
export const STATE_FOUND_COUNT = 16;
export const STATE_SIZE = 20;
export const LITERAL_STATE = 4; // state
export const LITERAL_KEY = 8;
/** For paths: number of a method and operation row. For SPIFFE IDs: number of an issuer (0: any) and identity row. */
export const FOUND_NUMBER = 0;
export const FOUND_ROW = 4;
export const FOUND_SIZE = 8;

export const OPERATION_NAME = 0; // text
export const OPERATION_PUBLIC = 4;
export const OPERATION_MIN_TRUST = 8;
export const OPERATION_SCOPES = 12; // numbers
export const OPERATION_SCOPE_COUNT = 16;
export const OPERATION_API = 20; // number
export const OPERATION_UPSTREAM = 24; // upstream rows
export const OPERATION_UPSTREAM_COUNT = 28;
export const OPERATION_PARAMETERS = 32; // parameter rows
export const OPERATION_PARAMETER_COUNT = 36;
export const OPERATION_SCOPE_ROWS = 40; // scope rows in the order of the numbers; 0 where a name is not of our vocabulary
export const OPERATION_SIZE = 48;

export const PARAMETER_NUMBER = 0; // of the name
export const PARAMETER_SEGMENT = 4; // which segment of the path, from 0
export const PARAMETER_REST = 8; // whether it takes all segments from there on
export const PARAMETER_SIZE = 12;

/** A header for the upstream; by-scope ones are resolved per operation. */
export const UPSTREAM_NAME = 0; // text
export const UPSTREAM_PARTS = 4; // part rows
export const UPSTREAM_PART_COUNT = 8;
export const UPSTREAM_SIZE = 12;
export const PART_KIND = 0; // PART_…
export const PART_TEXT = 4; // text of a literal
export const PART_SIZE = 8;
export const PART_LITERAL = 0;
export const PART_IDENTITY = 1;
export const PART_OWNER = 2;
export const PART_SUBJECT = 3;
export const PART_TIER = 4;

/** Identities with equal rights share one. A scope without a row here is looked for in the common rights, those of the groups. */
export const RIGHTS_GRANTS = 0; // right rows, ascending by scope
export const RIGHTS_GRANT_COUNT = 4;
export const RIGHTS_DENIES = 8;
export const RIGHTS_DENY_COUNT = 12;
export const RIGHTS_COMMON = 16; // rights, or 0; they have none themselves
export const RIGHTS_SIZE = 24;
export const RIGHT_SCOPE = 0; // number
export const RIGHT_RULES = 4; // addresses of rule rows; of grants the longest-lived first, then by name
export const RIGHT_RULE_COUNT = 8;
export const RIGHT_SIZE = 12;

/** Grants and denies. Grants lie in the order of their names. */
export const RULE_NAME = 0; // text
export const RULE_APIS = 4; // numbers, ascending; 0: wherever the scopes are needed
export const RULE_API_COUNT = 8;
export const RULE_CONDITION = 12; // condition, or 0
export const RULE_EMERGENCY = 16;
export const RULE_READS_AGE = 20;
export const RULE_FROM = 24; // 64 bits, inclusive; 0 where open
export const RULE_UNTIL = 32; // 64 bits, exclusive; FOREVER where open
export const RULE_SIZE = 40;

/** A condition is unknown where one of its facts is; else its instructions are run from the first one on. */
export const CONDITION_FACTS = 0; // addresses of fact rows
export const CONDITION_FACT_COUNT = 4;
export const CONDITION_CODE = 8; // instructions
export const CONDITION_CODE_COUNT = 12;
export const CONDITION_SIZE = 16;

export const FACT_KIND = 0; // FACT_KIND_…
export const FACT_A = 4;
export const FACT_B = 8;
export const FACT_SIZE = 12;
export const FACT_KIND_CLAIM = 1; // A: issuer row, B: number of the member
export const FACT_KIND_PARAMETER = 2; // A: number of the name; NONE: one that no path has
export const FACT_KIND_REQUEST = 3; // A: 0 host, 1 ip, 2 method, 3 path
export const FACT_KIND_HEADER = 4; // A: number
export const FACT_KIND_TOKEN = 5; // A: 0 age, 1 lifetime
export const FACT_KIND_IDENTITY = 6; // A: 0 name, 1 owner, 2 tags, 3 tier
export const NONE = 0xffff;

export const INSTRUCTION_OPERATION = 0; // TEST_…
export const INSTRUCTION_FACT = 4; // fact row; 0 for a constant
export const INSTRUCTION_A = 8;
export const INSTRUCTION_B = 12;
/** Where to go on: the number of a later instruction, or ACCEPT or REJECT. Never backwards. */
export const INSTRUCTION_THEN = 16;
export const INSTRUCTION_ELSE = 20;
export const INSTRUCTION_VALUE = 24; // 64 bits
export const INSTRUCTION_SIZE = 32;
export const ACCEPT = 0xffff;
export const REJECT = 0xfffe;
/** A program has fewer instructions than this. */
export const INSTRUCTION_LIMIT = 0xfff0;
export const TEST_CONSTANT = 1; // VALUE: 0 or 1
export const TEST_EQUAL_TEXT = 2; // A, B: span
export const TEST_EQUAL_NUMBER = 3; // VALUE
export const TEST_EQUAL_BOOLEAN = 4; // VALUE: 0 or 1
export const TEST_LESS = 5; // VALUE
export const TEST_LESS_OR_EQUAL = 6;
export const TEST_GREATER = 7;
export const TEST_GREATER_OR_EQUAL = 8;
export const TEST_IN_TEXTS = 9; // A: address of an index of value rows
export const TEST_IN_NUMBERS = 10; // A: 64-bit numbers, ascending, B: how many
export const TEST_INCLUDES = 11; // A, B: span
export const TEST_STARTS_WITH = 12; // A, B: span
export const TEST_ENDS_WITH = 13; // A, B: span
export const TEST_CIDR = 14; // A: address of 4 or 16 bytes, B: prefix length × 32 + how many bytes
export const TEST_PRESENT = 15;
export const TEST_SAME = 16; // A: the other fact row

// ---- Slots: what a request says about each member of the token, then about each request header, by number.
export const FACT_SLOT_TYPE = 0; // TYPE_…
export const FACT_SLOT_ADDRESS = 4; // of a text's bytes, or of a list's spans
export const FACT_SLOT_VALUE = 8; // 64 bits: an integer, 0 or 1; or 32 bits: a text's length, a list's count
export const FACT_SLOT_SIZE = 16;
export const TYPE_ABSENT = 0;
export const TYPE_BOOLEAN = 1;
export const TYPE_INTEGER = 2; // safe, of either sign
export const TYPE_TEXT = 3;
export const TYPE_LIST = 4; // of texts only; a span is an address and a length
export const TYPE_OTHER = 5; // null, an object, a list of something else, another number
export const SPAN_SIZE = 8;

// ---- Request, at `REQUEST`. A span whose address is 0 is absent; an empty text has an address.
export const REQUEST_PROBLEM = 0; // PROBLEM_…
export const REQUEST_HAS_TOKEN = 4;
export const REQUEST_TIME = 8; // 64 bits
export const REQUEST_HOST = 16; // span, as are all below but the confirmation
export const REQUEST_METHOD = 24;
export const REQUEST_PATH = 32;
export const REQUEST_IP = 40;
export const REQUEST_SPIFFE = 48;
export const REQUEST_THUMBPRINT = 56; // peer["x5t#S256"]
export const REQUEST_PROOF_KEY = 64; // proof.jkt
export const REQUEST_KEY_ID = 72; // key.id
/** `cnf` of the token: 0 absent, 1 well-formed, 2 malformed. */
export const REQUEST_CONFIRMATION = 80;
export const REQUEST_CONFIRMED_CERTIFICATE = 88; // span: cnf["x5t#S256"]
export const REQUEST_CONFIRMED_KEY = 96; // span: cnf.jkt
export const REQUEST_SIZE = 104;
export const PROBLEM_NONE = 0;
export const PROBLEM_MALFORMED = 1;
export const PROBLEM_LIMIT = 2;

// ---- Result, at `RESULT`.
export const RESULT_REASON = 0; // the place in the list of reasons
export const RESULT_IDENTITY = 4; // text or 0, as are the next three
export const RESULT_TIER = 8;
export const RESULT_OPERATION = 12;
export const RESULT_REVISION = 16;
export const RESULT_EMERGENCY = 20;
export const RESULT_UNTIL = 24; // 64-bit float
export const RESULT_GRANTS = 32; // addresses of grants' rule rows, each once, in the order of their names
export const RESULT_GRANT_COUNT = 36;
export const RESULT_UPSTREAM = 40; // the text of a JSON object: headers for the upstream
export const RESULT_UPSTREAM_LENGTH = 44;
export const RESULT_SIZE = 48;
