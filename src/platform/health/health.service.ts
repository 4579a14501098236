import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How one thing that the process depends on is. */
export interface HealthProbe {
  readonly name: string;
  /** A few words or facts for an operator, nothing secret: the answer is public. */
  check(): Promise<unknown>;
}
export const HEALTH_PROBES = Symbol('health probes');

export interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, unknown>>;
}

/** An orchestrator's probe gives up after a second or more; so that one slow dependency does not make us unready. */
const DEADLINE_MS = 1_000;

@Injectable()
export class HealthService {
  constructor(
    private readonly db: DataSource,
    @Inject(HEALTH_PROBES) private readonly probes: readonly HealthProbe[],
  ) {}

  async report(): Promise<HealthReport> {
    const [database, ...others] = await Promise.all([
      within(this.db.query('SELECT 1').then(() => 'up' as const)),
      ...this.probes.map((probe) => within(probe.check())),
    ]);
    const checks = Object.fromEntries(this.probes.map((probe, index) => [probe.name, others[index]]));
    return { status: database === 'up' ? 'ok' : 'unavailable', checks: { database, ...checks } };
  }
}

async function within<T>(check: Promise<T>): Promise<T | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => (timer = setTimeout(() => resolve('down'), DEADLINE_MS)));
  try {
    return await Promise.race([check.catch(() => 'down' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
