/** Formulas for a solver, as texts of SMT-LIB 2, and what it answers. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { init, Z3_lbool } from "z3-solver";
import { assert } from "../../src/diagnostics/index.ts";

/** A formula or a number, as text. */
export type Smt = string;

export const yes: Smt = "true";
export const no: Smt = "false";

export function all(...parts: readonly Smt[]): Smt {
  const left = parts.filter((part) => part !== yes);
  if (left.includes(no)) return no;
  return left.length === 0 ? yes : left.length === 1 ? left[0]! : `(and ${left.join(" ")})`;
}

export function any(...parts: readonly Smt[]): Smt {
  const left = parts.filter((part) => part !== no);
  if (left.includes(yes)) return yes;
  return left.length === 0 ? no : left.length === 1 ? left[0]! : `(or ${left.join(" ")})`;
}

export function not(part: Smt): Smt {
  return part === yes ? no : part === no ? yes : `(not ${part})`;
}

export function number(value: number): Smt {
  return value < 0 ? `(- ${String(-value)})` : String(value);
}

/** The value of each variable: whole numbers, and 1 or 0 for true or false. */
export type Valuation = ReadonlyMap<string, number>;

export interface Solver {
  /** Of each question a way to fulfil it, or nothing where there is none. */
  readonly solve: (
    variables: ReadonlyMap<string, "Bool" | "Int">,
    always: readonly Smt[],
    questions: readonly Smt[],
  ) => Promise<readonly (Valuation | undefined)[]>;
}

/** The solver of the dependency, or the program that WRIT_Z3 names, which is some times as fast. */
export function startSolver(): Promise<Solver> {
  const program = process.env.WRIT_Z3;
  return program === undefined || program === "" ? solverHere() : Promise.resolve(solverOf(program));
}

/** Texts go in by calls that return at once: the library forgets a text before it is read in those that do not. */
async function solverHere(): Promise<Solver> {
  const { Z3 } = await init();
  return {
    solve: async (variables, always, questions) => {
      const context = Z3.mk_context(Z3.mk_config());
      const solver = Z3.mk_simple_solver(context);
      Z3.solver_inc_ref(context, solver);
      Z3.solver_from_string(context, solver, scriptOf(variables, always, questions));
      const answers: (Valuation | undefined)[] = [];
      for (const [n, question] of questions.entries()) {
        if (question === no) {
          answers.push(undefined);
          continue;
        }
        const asked = Z3.mk_const(context, Z3.mk_string_symbol(context, `question${n}`), Z3.mk_bool_sort(context));
        const answer = await Z3.solver_check_assumptions(context, solver, [asked]);
        assert(answer !== Z3_lbool.Z3_L_UNDEF, `the solver knows: ${Z3.solver_get_reason_unknown(context, solver)}`);
        answers.push(
          answer === Z3_lbool.Z3_L_TRUE
            ? valuesIn(Z3.model_to_string(context, Z3.solver_get_model(context, solver)), variables)
            : undefined,
        );
      }
      Z3.solver_dec_ref(context, solver);
      Z3.del_context(context);
      return answers;
    },
  };
}

/** It ends with this process, which closes what it reads from. */
function solverOf(program: string): Solver {
  const child = spawn(program, ["-in", "-smt2"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    solve: async (variables, always, questions) => {
      const values = `(get-value (${[...variables.keys()].join(" ")}))`;
      const asked = questions.flatMap((_, n) => [`(check-sat-assuming (question${n}))`, values, '(echo "answered")']);
      child.stdin.write(["(reset)", scriptOf(variables, always, questions), ...asked, ""].join("\n"));
      const answers: (Valuation | undefined)[] = [];
      for (const _ of questions) {
        const answer: string[] = [];
        for (;;) {
          const { value, done } = await lines.next();
          assert(!done, "the solver goes on");
          if (value === "answered") break;
          answer.push(value);
        }
        const [found, ...rest] = answer;
        assert(found === "sat" || found === "unsat", `the solver knows: ${answer.join("\n")}`);
        answers.push(found === "sat" ? valuesIn(rest.join("\n"), variables) : undefined);
      }
      return answers;
    },
  };
}

function scriptOf(
  variables: ReadonlyMap<string, "Bool" | "Int">,
  always: readonly Smt[],
  questions: readonly Smt[],
): string {
  return [
    "(define-fun least ((a Int) (b Int)) Int (ite (< a b) a b))",
    ...[...variables].map(([name, type]) => `(declare-const ${name} ${type})`),
    ...always.map((formula) => `(assert ${formula})`),
    ...questions.flatMap((question, n) => [
      `(declare-const question${n} Bool)`,
      `(assert (=> question${n} ${question}))`,
    ]),
  ].join("\n");
}

/** What the solver leaves out may be anything. */
function valuesIn(text: string, variables: ReadonlyMap<string, string>): Valuation {
  const said = new Map(
    [...text.matchAll(/(\w+)(?: ->)? (true|false|\d+|\(- \d+\))/g)].map(([, name, value]) => [name!, valueIn(value!)]),
  );
  return new Map([...variables.keys()].map((name) => [name, said.get(name) ?? 0]));
}

function valueIn(text: string): number {
  if (text === "true" || text === "false") return text === "true" ? 1 : 0;
  return text.startsWith("(") ? -Number(text.slice(3, -1)) : Number(text);
}
