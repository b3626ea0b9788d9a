/** Says what each name of each file stands for: imports and declarations, with everything that is wrong with the names themselves. */
import { type Diagnostic, type Fix, report, type Span } from "../diagnostics/index.ts";
import type { Call, Declaration, Identifier, Import, ImportedName, StringLiteral, Tree } from "../syntax/index.ts";
import { findCycles } from "./import-cycles.ts";
import { resolveImport } from "./import-path.ts";
import type { Suggester } from "./suggester.ts";
import { usesOf } from "./walk.ts";

/** A declared constant. */
export interface Binding {
  readonly kind: "binding";
  readonly name: string;
  readonly nameSpan: Span;
  readonly path: string;
  readonly exported: boolean;
  readonly declaration: Declaration;
  /** The word that its value calls; none for a constant of literals. */
  readonly word?: string;
}

export type Target =
  | Binding
  | { readonly kind: "word"; readonly word: string }
  /** Imported from where there is no such name, which is reported. */
  | { readonly kind: "broken" };

export interface Program {
  readonly scopes: ReadonlyMap<string, ReadonlyMap<string, Target>>;
  /** In the order of paths, then of each file. */
  readonly bindings: readonly Binding[];
  readonly statements: readonly { readonly path: string; readonly call: Call }[];
}

export interface Vocabulary {
  /** Words that declare. */
  readonly words: ReadonlySet<string>;
  /** What else can be imported: `cidr`. */
  readonly helpers: ReadonlySet<string>;
}

export function bind(
  trees: readonly Tree[],
  vocabulary: Vocabulary,
  suggester: Suggester,
  say: (diagnostic: Diagnostic) => void,
): Program {
  const files = new Map(trees.map((tree) => [tree.source.path, new FileBinder(tree, vocabulary, suggester, say)]));
  const order = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of order) file.declare();
  for (const file of order) file.link(files);
  for (const file of order) file.classify();
  for (const file of order) file.checkUses();
  findCycles(
    order.map((file) => ({ path: file.path, imports: file.links })),
    say,
  );
  const bindings = order.flatMap((file) => file.bindings);
  checkUnique(bindings, say);
  return {
    scopes: new Map(order.map((file) => [file.path, file.names])),
    bindings,
    statements: order.flatMap((file) => file.statements),
  };
}

class FileBinder {
  readonly path: string;
  readonly names = new Map<string, Target>();
  readonly #places = new Map<string, Span>();
  readonly links: { readonly path: string; readonly span: Span }[] = [];
  bindings: Binding[] = [];
  readonly statements: { readonly path: string; readonly call: Call }[] = [];
  /** A declaration whose name could not be read may be the one that is looked for. */
  #nameless = false;
  #exports: readonly string[] | undefined;
  readonly #tree: Tree;
  readonly #vocabulary: Vocabulary;
  readonly #suggester: Suggester;
  readonly #say: (diagnostic: Diagnostic) => void;

  constructor(tree: Tree, vocabulary: Vocabulary, suggester: Suggester, say: (diagnostic: Diagnostic) => void) {
    this.#suggester = suggester;
    this.path = tree.source.path;
    this.#tree = tree;
    this.#vocabulary = vocabulary;
    this.#say = say;
  }

  declare(): void {
    for (const statement of this.#tree.statements) {
      if (statement.kind === "call") this.statements.push({ path: this.path, call: statement });
      else if (statement.name.kind === "hole") this.#nameless = true;
      else {
        const { name, span } = statement.name;
        const binding: Binding = {
          kind: "binding",
          name,
          nameSpan: span,
          path: this.path,
          exported: statement.exported,
          declaration: statement,
        };
        if (this.#add(name, span, binding)) this.bindings.push(binding);
      }
    }
  }

  link(files: ReadonlyMap<string, FileBinder>): void {
    for (const statement of this.#tree.imports) this.#linkImport(statement, files);
  }

  #linkImport(statement: Import, files: ReadonlyMap<string, FileBinder>): void {
    const { from, names } = statement;
    const target = from.kind === "hole" ? undefined : this.#importTarget(from, files);
    for (const imported of names) {
      const { name, local } = imported;
      this.#add(local.name, local.span, target?.(name) ?? { kind: "broken" });
    }
  }

  /** What each name of an import stands for; `undefined` once it is reported that there is no such file. */
  #importTarget(
    from: StringLiteral,
    files: ReadonlyMap<string, FileBinder>,
  ): ((name: Identifier) => Target) | undefined {
    if (from.value === "writ") return (name) => this.#wordTarget(name);
    const resolved = resolveImport(this.path, from.value);
    const path = from.value;
    if (resolved.kind === "foreign") this.#say(report("WRIT2010", from.span, { path }));
    else if (resolved.kind === "outside") this.#say(report("WRIT2009", from.span, { path }));
    else {
      const file = files.get(resolved.path);
      if (file) {
        this.links.push({ path: resolved.path, span: from.span });
        return (name) => file.#exported(name, path, this.#say);
      }
      const help = this.#suggester.help(resolved.path, files.keys());
      this.#say(report("WRIT2008", from.span, { path }, help));
    }
    return undefined;
  }

  #wordTarget({ name, span }: Identifier): Target {
    const { words, helpers } = this.#vocabulary;
    if (words.has(name) || helpers.has(name)) return { kind: "word", word: name };
    this.#say(report("WRIT2002", span, { name }, this.#suggester.help(name, [...words, ...helpers])));
    return { kind: "broken" };
  }

  #exported({ name, span }: Identifier, path: string, say: (diagnostic: Diagnostic) => void): Target {
    const target = this.names.get(name);
    const found = target?.kind === "binding" && target.path === this.path ? target : undefined;
    if (found?.exported) return found;
    if (found) {
      const related = [{ span: found.nameSpan, message: `\`${name}\` is declared here` }];
      const before = { path: this.path, start: found.declaration.span.start, end: found.declaration.span.start };
      const fix = { title: `export \`${name}\``, safe: true, edits: [{ span: before, text: "export " }] };
      say(report("WRIT2007", span, { name, path }, { related, fix }));
    } else if (!this.#nameless) {
      this.#exports ??= this.bindings.filter((b) => b.exported).map((b) => b.name);
      say(report("WRIT2006", span, { name, path }, this.#suggester.help(name, this.#exports)));
    }
    return { kind: "broken" };
  }

  #add(name: string, span: Span, target: Target): boolean {
    const first = this.#places.get(name);
    if (first) {
      const [later, earlier] = first.start < span.start ? [span, first] : [first, span];
      const related = [{ span: earlier, message: `\`${name}\` is declared here first` }];
      this.#say(report("WRIT2003", later, { name }, { related }));
      return false;
    }
    this.#places.set(name, span);
    this.names.set(name, target);
    return true;
  }

  /** Which declarations call a word is known once imports are. */
  classify(): void {
    this.bindings = this.bindings.map((binding) => {
      const { value } = binding.declaration;
      if (value.kind !== "call" || value.callee.kind !== "identifier") return binding;
      const target = this.names.get(value.callee.name);
      return target?.kind === "word" ? Object.assign(binding, { word: target.word }) : binding;
    });
  }

  /** Imports that nothing uses, and names that are used above their declaration (which TypeScript refuses too). */
  checkUses(): void {
    const uses = usesOf(this.#tree);
    if (!uses.holes && this.#tree.complete) {
      for (const statement of this.#tree.imports) this.#checkImport(statement, uses.names);
    }
    for (const { name, span } of uses.direct) {
      const target = this.names.get(name);
      if (target?.kind !== "binding" || target.path !== this.path || target.name !== name) continue;
      if (span.start >= target.declaration.span.end) continue;
      const related = [{ span: target.nameSpan, message: `\`${name}\` is declared here` }];
      this.#say(report("WRIT2013", span, { name }, { related }));
    }
  }

  #checkImport(statement: Import, used: ReadonlySet<string>): void {
    const none = !statement.names.some(({ local }) => used.has(local.name));
    for (const [position, imported] of statement.names.entries()) {
      const { local } = imported;
      if (used.has(local.name) || this.#places.get(local.name) !== local.span) continue;
      // What the language has no word for is not unused but misspelt.
      if (
        statement.from.kind === "string" &&
        statement.from.value === "writ" &&
        this.names.get(local.name)?.kind === "broken"
      )
        continue;
      const fix = removeImport(this.#tree.source.text, statement, position, imported, none);
      this.#say(report("WRIT2012", local.span, { name: local.name }, { fix }));
    }
  }
}

/** The whole line when none of its names is used; else the name and the comma beside it. */
function removeImport(text: string, { names, span }: Import, position: number, name: ImportedName, all: boolean): Fix {
  const [before, after] = [names[position - 1], names[position + 1]];
  const part = after
    ? { ...span, start: name.span.start, end: after.span.start }
    : { ...span, start: before?.span.end ?? name.span.start, end: name.span.end };
  const rest = /^[ \t]*;?[ \t]*(?:\r\n|\n|\r)?/.exec(text.slice(span.end, span.end + 80))?.[0] ?? "";
  const edits = [{ span: all ? { ...span, end: span.end + rest.length } : part, text: "" }];
  return { title: `remove \`${name.local.name}\``, safe: true, edits };
}

function checkUnique(bindings: readonly Binding[], say: (diagnostic: Diagnostic) => void): void {
  const byName = new Map<string, Binding>();
  const byLooks = new Map<string, Binding>();
  for (const binding of bindings) {
    const { name, nameSpan } = binding;
    if (!/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name)) say(report("WRIT2020", nameSpan, { name }));
    const same = byName.get(name);
    if (same) {
      // Constants of literals are no things of the estate: each file may have its own.
      if (same.word === undefined || binding.word === undefined) continue;
      const related = [{ span: same.nameSpan, message: `\`${name}\` is declared here` }];
      say(report("WRIT2004", nameSpan, { name }, { related }));
      continue;
    }
    byName.set(name, binding);
    const looks = looksLike(name);
    const alike = byLooks.get(looks);
    if (alike) {
      const related = [{ span: alike.nameSpan, message: `\`${alike.name}\` is declared here` }];
      say(report("WRIT2005", nameSpan, { name, other: alike.name }, { related }));
    } else byLooks.set(looks, binding);
  }
}

/** One text for all names that a reader can take for one another; other alphabets never get this far. */
export function looksLike(name: string): string {
  return name.replace(/[1I|]/g, "l").replace(/0/g, "O");
}
