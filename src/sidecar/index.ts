/** Turns questions of nginx and Envoy into `Input`, and `Decision` into their answers. */

export type { Settings } from "./configuration.ts";
export { envoyConfiguration } from "./envoy-configuration.ts";
export { KeySet, type LoadKeys, largestKeySet } from "./key-set.ts";
export { type Listening, type RunningSidecar, startSidecar } from "./listen.ts";
export { misleading, ours } from "./names.ts";
export { nginxConfiguration } from "./nginx-configuration.ts";
export { type Answer, type Fact, facts, type Message } from "./question.ts";
export { answerTo, type ProtocolName, protocols, type SidecarOptions } from "./sidecar.ts";
export { type Algorithm, algorithms, type Issuers, type TokenIssuer } from "./token.ts";
export { secretPattern, wordsOf } from "./words.ts";
