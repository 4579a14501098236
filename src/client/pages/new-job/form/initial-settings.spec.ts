import { initialSettings, paramsToFill, type ParamSlot } from './initial-settings';

const param = (envVar: string, more: Partial<ParamSlot> = {}): ParamSlot => ({
  ...{ envVar, displayName: envVar, required: true, allowedValues: null, default: null },
  ...more,
});
const params = [param('API_YEAR'), param('TYPE', { allowedValues: ['Fall', 'Spring'] }), param('NOTE', { default: 'none' })];

describe('the settings that a form shows', () => {
  it('are those of the last job', () => {
    const last = { schoolYear: '2026', params: { API_YEAR: '2026', TYPE: 'Fall', NOTE: 'late' } };
    expect(initialSettings(params, ['2025', '2026'], last)).toEqual({
      schoolYear: '2026',
      params: { TYPE: 'Fall', NOTE: 'late' },
    });
  });

  it('leave out what is not allowed any more', () => {
    const last = { schoolYear: '2024', params: { TYPE: 'Winter', GONE: 'x' } };
    expect(initialSettings(params, ['2025', '2026'], last)).toEqual({ schoolYear: '', params: { NOTE: 'none' } });
  });

  it('have the default in place of what is not allowed any more, and nothing where it was emptied', () => {
    const choices = [
      param('WINDOW', { allowedValues: ['Fall', 'Spring'], default: 'Fall' }),
      param('SUBJECT', { allowedValues: ['Math'], default: 'Math' }),
    ];
    const filled = { schoolYear: '2026', params: { WINDOW: 'Winter', SUBJECT: '' } };
    expect(initialSettings(choices, ['2026'], filled).params).toEqual({ WINDOW: 'Fall', SUBJECT: '' });
  });

  it('are the only year and the defaults where there was no job', () => {
    expect(initialSettings(params, ['2026'], null)).toEqual({ schoolYear: '2026', params: { NOTE: 'none' } });
    expect(initialSettings(params, ['2025', '2026'], null).schoolYear).toBe('');
    expect(initialSettings(params, [], null).schoolYear).toBe('');
  });
});

it('the school year is no parameter to fill in', () => {
  expect(paramsToFill(params).map(({ envVar }) => envVar)).toEqual(['TYPE', 'NOTE']);
});
