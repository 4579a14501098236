import { checkSteps } from './check-steps';

describe('the steps of a test', () => {
  it('are shown also where the test did not come to them', () => {
    const steps = checkSteps({
      steps: [
        { step: 'base_url_reached', ok: true, detail: 'The base URL answers.' },
        { step: 'discovery_read', ok: false, detail: 'It is no Ed-Fi API.' },
      ],
    });
    expect(steps).toEqual([
      { step: 'base_url_reached', state: 'ok', detail: 'The base URL answers.' },
      { step: 'discovery_read', state: 'failed', detail: 'It is no Ed-Fi API.' },
      { step: 'token_obtained', state: 'skipped', detail: null },
      { step: 'school_year_served', state: 'skipped', detail: null },
    ]);
  });
});
