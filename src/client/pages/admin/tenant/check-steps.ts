import type { OdsCheck } from '../../../api/admin';

type Step = OdsCheck['steps'][number]['step'];

/** In the order in which they are tried. */
const STEPS: readonly Step[] = ['base_url_reached', 'discovery_read', 'token_obtained', 'school_year_served'];

export interface ShownStep {
  readonly step: Step;
  readonly state: 'ok' | 'failed' | 'skipped';
  /** null where it was not tried. */
  readonly detail: string | null;
}

/** All steps of a test, also those that it did not come to. */
export function checkSteps({ steps }: Pick<OdsCheck, 'steps'>): ShownStep[] {
  return STEPS.map((step) => {
    const tried = steps.find((candidate) => candidate.step === step);
    if (!tried) return { step, state: 'skipped', detail: null };
    return { step, state: tried.ok ? 'ok' : 'failed', detail: tried.detail };
  });
}
