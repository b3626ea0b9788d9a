/** 5xxx: data files beside the policies: registries and OpenAPI documents. */
import type { Entry } from "../table.ts";

export const data = {

} satisfies Record<string, Entry>;
