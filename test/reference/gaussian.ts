/** KL divergence between two normal distributions of one variable [nats], by summing q · log(q / p) on a fine grid. */
export function klByIntegration(
  q: { readonly mean: number; readonly deviation: number },
  p: { readonly mean: number; readonly deviation: number },
): number {
  const logDensity = (x: number, { mean, deviation }: typeof q): number =>
    -0.5 * ((x - mean) / deviation) ** 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
  const step = q.deviation / 200;
  let sum = 0;
  for (let x = q.mean - 10 * q.deviation; x < q.mean + 10 * q.deviation; x += step) {
    sum += Math.exp(logDensity(x, q)) * (logDensity(x, q) - logDensity(x, p)) * step;
  }
  return sum;
}
