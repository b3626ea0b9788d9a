/** What one row of the table of codes is made of. */

/** What the table says of one code. `message` and `help` are lower-case fragments without a full stop. */
export interface Entry<P = never> {
  /** Short kebab-case name, unique: `unknown-word`. Run-time errors are known by it. */
  readonly name: string;
  readonly severity: "error" | "warning";
  readonly message: (parameters: P) => string;
  readonly help?: (parameters: P) => string;
  readonly retired?: true;
}
