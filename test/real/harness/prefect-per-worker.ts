/** Runs before each test file: test files run in parallel, each with a real Prefect of its own, so that lists hold no objects of other
 *  files. */
const urls = process.env.PREFECT_IAC_REAL_URLS?.split(",");
const worker = Number(process.env.VITEST_POOL_ID);
if (urls !== undefined) {
  const url = urls[worker - 1];
  if (url === undefined) throw new Error(`there is no Prefect for worker ${worker} of ${urls.length}`);
  process.env.PREFECT_IAC_REAL_URL = url;
}
