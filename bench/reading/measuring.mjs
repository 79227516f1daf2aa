const SAMPLE_MS = 100;

/** Runs `act`; resolves with a `Measured` (measured.ts) of this process. */
export async function measuring(act) {
  const rss = () => Math.round(process.memoryUsage.rss() / 2 ** 20);
  const rssMb = [rss()];
  const sampler = setInterval(() => rssMb.push(rss()), SAMPLE_MS);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await act();
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sampler);
  return { tookMs: performance.now() - begun, cpuMs: (user + system) / 1000, rssMb: [...rssMb, rss()] };
}
