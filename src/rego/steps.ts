/** One rule per path segment, because Rego has no recursion: as many as the longest template of the estate needs. */

/** The state of the paths' automaton after the whole path, which is the same for all paths of `depth` segments and more. */
export function emitPathSteps(depth: number): string {
  const rules = [
    "path_step(state, segment) := next if next := data.writ.paths[state].literals[segment]",
    'else := data.writ.paths[state].other if segment != ""',
    `path_state := path_after(min([count(segments), ${depth}]))`,
    "path_0 := data.writ.hosts[input.request.host]",
  ];
  for (let n = 1; n <= depth; n++) rules.push(`path_${n} := path_step(path_${n - 1}, segments[${n - 1}])`);
  for (let n = Math.min(1, depth); n <= depth; n++) rules.push(`path_after(${n}) := path_${n}`);
  return section("Paths: the state after each segment.", rules);
}

/** The state of the SPIFFE patterns' automaton after a whole ID; an ID that is longer than every pattern has none. */
export function emitSpiffeSteps(depth: number): string {
  if (depth === 0) return section("No identity is a SPIFFE pattern.", ["spiffe_state(_, _) := -1"]);
  const rules = [
    "spiffe_step(state, segment) := next if next := data.writ.spiffe_patterns[state].literals[segment]",
    "else := data.writ.spiffe_patterns[state].other",
    "spiffe_1(parts) := spiffe_step(0, parts[0])",
  ];
  for (let n = 2; n <= depth; n++)
    rules.push(`spiffe_${n}(parts) := spiffe_step(spiffe_${n - 1}(parts), parts[${n - 1}])`);
  for (let n = 1; n <= depth; n++) rules.push(`spiffe_state(${n}, parts) := spiffe_${n}(parts)`);
  return section("SPIFFE patterns: the state after the trust domain and each segment.", rules);
}

function section(title: string, rules: readonly string[]): string {
  return `#\n# ${title}\n#\n\n${rules.join("\n\n")}\n`;
}
