/** Constants of literals may be shared, spread, and taken apart. */
export const owners = { payments: "payments@example.com", shared: "platform@example.com" };
export const tags = ["batch", "nightly"];
export const quarter = "90d";
export const trust = 40;
