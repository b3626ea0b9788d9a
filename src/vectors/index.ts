/** Test vectors of any estate, for those who run its engine in a host of their own. */
export { type Vector, type Vectors, vectorsOf } from "./vectors.ts";
