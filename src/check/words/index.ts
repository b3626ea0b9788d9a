/** The words, in the order in which they are understood: each needs only those before it. */
import type { Word } from "../word.ts";
import { api } from "./api.ts";
import { condition } from "./condition.ts";
import { deny } from "./deny.ts";
import { emergency } from "./emergency.ts";
import { example } from "./example.ts";
import { grant } from "./grant.ts";
import { group } from "./group.ts";
import { identity } from "./identity.ts";
import { issuer } from "./issuer.ts";
import { never } from "./never.ts";
import { registry } from "./registry.ts";
import { scopes } from "./scopes.ts";
import { tier } from "./tier.ts";

export const words: readonly Word[] = [
  scopes,
  tier,
  issuer,
  identity,
  registry,
  group,
  condition,
  api,
  deny,
  grant,
  emergency,
  never,
  example,
];
