/** An engine with a mistake that shows with one method only: it stops. */
import { compileEngine } from "../agree/compile-engine.ts";

export const harmfulMethod = "BREAK";

const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<object> } };
/** Its length, and its first four letters as a word. */
const [length, letters] = [harmfulMethod.length, 0x41455242];

export async function stoppingEngine(): Promise<object> {
  const bytes = await compileEngine({
    file: "engine/decide.ts",
    from: "export function decide(data: usize): void {\n",
    to: `export function decide(data: usize): void {
  if (load<u32>(REQUEST, 28) === ${length} && load<u32>(load<u32>(REQUEST, 24)) === ${letters}) unreachable();\n`,
  });
  return WebAssembly.compile(bytes);
}
