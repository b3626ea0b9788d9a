/** What the host gives us; the name of this file is the name of the module that it comes from. */

/** Takes a NUL-terminated UTF-8 text. Some hosts throw, some return. */
export declare function opa_abort(address: usize): void;
