/** A delay around `average`, so that not all retries come at once: exponentially distributed, cut off at 1 + `factor` times the average
 *  and, on the other side, where as much of the probability is cut. `random` is uniform in [0, 1).
 *  Source: prefect/utilities/math.py, clamped_poisson_interval. */
export function jittered(average: number, random: () => number, factor = 0.3): number {
  const upper = 1 + factor;
  const lower = Math.log2(2 ** upper / (2 ** upper - 1));
  const low = 1 - Math.exp(-lower);
  const high = 1 - Math.exp(-upper);
  return -Math.log(1 - (low + random() * (high - low))) * average;
}
