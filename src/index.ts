/** The compiler as a library. Everything here is pure, except that signing takes a key. */
export {
  inspect,
  newKeys,
  opaConfig,
  pack,
  readKeys,
  readSigner,
  type Signer,
  type VerifyOptions,
  verify,
} from "./bundle/index.ts";
export {
  type Backend,
  backends,
  type Compilation,
  compile,
  type Emission,
  type Estate,
  emit,
  packRelease,
  type Release,
} from "./compile.ts";
export {
  applyFixes,
  type Code,
  type Diagnostic,
  explain,
  type Result,
  renderGithub,
  renderJson,
  renderSarif,
  renderText,
  type Source,
  type Span,
  WritError,
} from "./diagnostics/index.ts";
export {
  type Artefact,
  type Decision,
  decide,
  type Input,
  type Loaded,
  type Model,
  type Policy,
  type Reason,
  type Revocations,
  reasons,
} from "./model/index.ts";
export { type Trace, why } from "./why/index.ts";
