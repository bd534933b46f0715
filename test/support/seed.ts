import fc from "fast-check";

/** Runs before each test file. Tests of chance draw the same each time, so a red run tells of a change and a green one can be repeated.
 *  PREFECT_IAC_TEST_SEED=<integer> draws anew. */
export const seed = Number(process.env.PREFECT_IAC_TEST_SEED || 1);
if (!Number.isSafeInteger(seed)) throw new Error("PREFECT_IAC_TEST_SEED must be an integer");
fc.configureGlobal({ seed });
