/** Steps 8 and 9: what is granted and what is denied, and until when that stays so. */
import {
  IDENTITY_RIGHTS,
  OPERATION_API,
  OPERATION_SCOPE_COUNT,
  OPERATION_SCOPES,
  REQUEST,
  REQUEST_TIME,
  RESULT,
  RESULT_EMERGENCY,
  RESULT_GRANT_COUNT,
  RESULT_GRANTS,
  RIGHT_RULE_COUNT,
  RIGHT_RULES,
  RIGHT_SCOPE,
  RIGHT_SIZE,
  RIGHTS_COMMON,
  RIGHTS_DENIES,
  RIGHTS_DENY_COUNT,
  RIGHTS_GRANT_COUNT,
  RIGHTS_GRANTS,
  RULE_API_COUNT,
  RULE_APIS,
  RULE_CONDITION,
  RULE_EMERGENCY,
  RULE_FROM,
  RULE_NAME,
  RULE_READS_AGE,
  RULE_UNTIL,
} from "../layout.ts";
import { evaluateCondition, FALSE, TRUE } from "./condition.ts";
import { identity } from "./credential.ts";
import { isNameRevoked } from "./credential-revoked.ts";
import { readFactsOf } from "./facts.ts";
import { fail } from "./memory.ts";
import { CONDITION, DENIED, GRANT_INACTIVE, GRANTED, SCOPE_NOT_GRANTED } from "./reasons.ts";
import { LIST_GRANTS } from "./revocations.ts";
import { contains } from "./scopes.ts";
import { GRANT_LIMIT, GRANTS } from "./scratch.ts";

/** The first moment at which a rule, or time alone, may decide otherwise. */
export let rightsEnd: i64 = 0;

let grants: u32 = 0;
let emergency: u32 = 0;
let time: i64 = 0;
let api: u32 = 0;

/** Step 8: every needed scope is granted, by a grant that is in force and whose condition holds. */
export function demandGrants(operation: usize, revocations: usize): u32 {
  grants = 0;
  rightsEnd = i64.MAX_VALUE;
  time = load<i64>(REQUEST, REQUEST_TIME);
  api = load<u32>(operation, OPERATION_API);
  readFactsOf(operation);
  emergency = 0;
  // The reasons stand in the order in which one hides the other, so that the answer does not depend on the order of scopes.
  let reason: u32 = GRANTED;
  let scope: usize = load<u32>(operation, OPERATION_SCOPES);
  const end = scope + (load<u32>(operation, OPERATION_SCOPE_COUNT) << 2);
  for (; scope < end; scope += 4) {
    const right = rightFor(RIGHTS_GRANTS, load<u32>(scope));
    let found: u32 = SCOPE_NOT_GRANTED;
    const count: u32 = right ? load<u32>(right, RIGHT_RULE_COUNT) : 0;
    // The longest-lived come first, so a decision rests on what lasts.
    for (let i: u32 = 0; i < count && found !== GRANTED; i++) {
      const grant: usize = load<u32>((load<u32>(right, RIGHT_RULES) as usize) + (i << 2));
      if (!reaches(grant)) continue;
      const state = stateOf(grant, revocations);
      if (state > found) found = state;
      if (state === GRANTED) {
        addGrant(grant);
        emergency |= load<u32>(grant, RULE_EMERGENCY);
      }
    }
    if (found === SCOPE_NOT_GRANTED) return SCOPE_NOT_GRANTED;
    if (found < reason) reason = found;
  }
  return reason;
}

/** Which grants the decision rests on. */
export function storeGrants(): void {
  store<u32>(RESULT, emergency, RESULT_EMERGENCY);
  store<u32>(RESULT, GRANTS, RESULT_GRANTS);
  store<u32>(RESULT, grants, RESULT_GRANT_COUNT);
}

/** Step 9: no deny applies. One whose condition cannot be read applies, and no revocation lifts one. */
export function demandNoDeny(operation: usize): u32 {
  const rights: usize = load<u32>(identity, IDENTITY_RIGHTS);
  if (!rights || !(load<u32>(rights, RIGHTS_DENY_COUNT) | load<u32>(rights, RIGHTS_COMMON))) return GRANTED;
  let scope: usize = load<u32>(operation, OPERATION_SCOPES);
  const end = scope + (load<u32>(operation, OPERATION_SCOPE_COUNT) << 2);
  for (; scope < end; scope += 4) {
    const right = rightFor(RIGHTS_DENIES, load<u32>(scope));
    const count: u32 = right ? load<u32>(right, RIGHT_RULE_COUNT) : 0;
    for (let i: u32 = 0; i < count; i++) {
      const deny: usize = load<u32>((load<u32>(right, RIGHT_RULES) as usize) + (i << 2));
      if (!reaches(deny)) continue;
      if (isInForce(deny) && evaluateCondition(load<u32>(deny, RULE_CONDITION)) !== FALSE) return DENIED;
      if (load<i64>(deny, RULE_FROM) > time) endAt(load<i64>(deny, RULE_FROM));
      endWithAge(deny);
    }
  }
  return GRANTED;
}

/** What the identity has of one scope, or 0. */
function rightFor(list: u32, scope: u32): usize {
  const rights: usize = load<u32>(identity, IDENTITY_RIGHTS);
  if (!rights) return 0;
  const own = rightIn(rights + list, scope);
  const common: usize = load<u32>(rights, RIGHTS_COMMON);
  return own !== 0 || common === 0 ? own : rightIn(common + list, scope);
}

/** Halves without branches: which half it is, nobody can foretell. */
function rightIn(list: usize, scope: u32): usize {
  let row: usize = load<u32>(list);
  let count = load<u32>(list, RIGHTS_GRANT_COUNT - RIGHTS_GRANTS);
  if (count === 0) return 0;
  while (count > 1) {
    const half = count >>> 1;
    const middle = row + half * RIGHT_SIZE;
    row = select(middle, row, load<u32>(middle, RIGHT_SCOPE) <= scope);
    count -= half;
  }
  return load<u32>(row, RIGHT_SCOPE) === scope ? row : 0;
}

/** Whether the rule is on the API of the operation. */
function reaches(rule: usize): bool {
  const apis: usize = load<u32>(rule, RULE_APIS);
  return !apis || contains(apis, load<u32>(rule, RULE_API_COUNT), api);
}

function isInForce(rule: usize): bool {
  return load<i64>(rule, RULE_FROM) <= time && time < load<i64>(rule, RULE_UNTIL);
}

/** How far a grant comes, as the reason that would be given if none came further. */
function stateOf(grant: usize, revocations: usize): u32 {
  if (!isInForce(grant) || isNameRevoked(revocations, LIST_GRANTS, load<u32>(grant, RULE_NAME))) return GRANT_INACTIVE;
  return evaluateCondition(load<u32>(grant, RULE_CONDITION)) === TRUE ? GRANTED : CONDITION;
}

/** Each once, in the order of their addresses, which is that of their names. */
function addGrant(grant: usize): void {
  endAt(load<i64>(grant, RULE_UNTIL));
  endWithAge(grant);
  let at: usize = GRANTS + (grants << 2);
  while (at > (GRANTS as usize) && load<u32>(at - 4) >= (grant as u32)) at -= 4;
  const end: usize = GRANTS + (grants << 2);
  if (at < end && load<u32>(at) === (grant as u32)) return;
  if (grants === GRANT_LIMIT) fail("too many grants");
  for (let move = end; move > at; move -= 4) store<u32>(move, load<u32>(move - 4));
  store<u32>(at, grant as u32);
  grants++;
}

function endAt(moment: i64): void {
  if (moment < rightsEnd) rightsEnd = moment;
}

/** With every second where a condition reads the age of the token, as long as the rule is not over. */
function endWithAge(rule: usize): void {
  if (load<u32>(rule, RULE_READS_AGE) && time < load<i64>(rule, RULE_UNTIL)) endAt(time + 1);
}
