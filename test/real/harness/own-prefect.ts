/** Runs before each test file. Files run side by side, each beside a real Prefect that it has for itself: nobody's objects are in
 *  another's lists. */
const urls = process.env.PREFECT_IAC_REAL_URLS?.split(",");
const worker = Number(process.env.VITEST_POOL_ID);
if (urls !== undefined) {
  const url = urls[worker - 1];
  if (url === undefined) throw new Error(`there is no Prefect for worker ${worker} of ${urls.length}`);
  process.env.PREFECT_IAC_REAL_URL = url;
}
