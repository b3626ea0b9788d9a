/** HTML that escapes by itself. */
export { bdi, count, grouped, Html, html, join, nothing, type Part } from "./html.ts";
