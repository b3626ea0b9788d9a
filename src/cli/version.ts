/** The version of this program; a test holds it against `package.json`, which is not shipped beside the built file. */
export const version = "0.1.0";
