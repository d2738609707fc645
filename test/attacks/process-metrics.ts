/** What a gateway says of its own process since it was asked last. */
export interface ProcessMetrics {
  cpuSeconds: number;
  /** Of the event loop, less the 10 ms between two looks at it. */
  worstLoopDelayMs: number;
  residentBytes: number;
  startedAt: number;
}

/** Asks a gateway on this machine. `url`: that of its GraphQL. */
export async function metricsOf(url: string): Promise<ProcessMetrics> {
  const answer = await fetch(new URL('/metrics', url));
  const text = await answer.text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    worstLoopDelayMs: value('nodejs_eventloop_lag_max_seconds') * 1_000 - 10,
    residentBytes: value('process_resident_memory_bytes'),
    startedAt: value('process_start_time_seconds'),
  };
}
