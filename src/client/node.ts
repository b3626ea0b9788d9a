/** What only Node has: a folder where a gateway keeps what it verified. */
export { folderStore } from "../trust/index.ts";
