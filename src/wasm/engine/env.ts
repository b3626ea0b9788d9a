/** What the host gives us; the name of this file is the name of the module that it comes from. */

/** Takes a NUL-terminated UTF-8 text. Some hosts throw, some return. */
export declare function opa_abort(address: usize): void;

// We need no function of a host, but hosts link what a policy of OPA imports, and one of them by position.
export declare function opa_builtin0(id: i32, context: usize): usize;
export declare function opa_builtin1(id: i32, context: usize, a: usize): usize;
export declare function opa_builtin2(id: i32, context: usize, a: usize, b: usize): usize;
export declare function opa_builtin3(id: i32, context: usize, a: usize, b: usize, c: usize): usize;
export declare function opa_builtin4(id: i32, context: usize, a: usize, b: usize, c: usize, d: usize): usize;
