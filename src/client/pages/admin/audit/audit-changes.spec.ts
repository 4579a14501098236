import { auditChanges } from './audit-changes';

describe('an audit record’s changes', () => {
  it('are the fields that differ', () => {
    expect(auditChanges({ code: 'demo', name: 'Demo' }, { code: 'demo', name: 'Demo Partner' })).toEqual([
      { field: 'name', removed: ['Demo'], added: ['Demo Partner'] },
    ]);
  });

  it('are all fields of what was added or removed', () => {
    expect(auditChanges(null, { code: 'demo', name: 'Demo' })).toEqual([
      { field: 'code', removed: [], added: ['demo'] },
      { field: 'name', removed: [], added: ['Demo'] },
    ]);
    expect(auditChanges({ code: 'demo' }, null)).toEqual([{ field: 'code', removed: ['demo'], added: [] }]);
  });

  it('are a list’s items, not its order', () => {
    expect(auditChanges({ schoolYears: ['2025', '2026'] }, { schoolYears: ['2027', '2026'] })).toEqual([
      { field: 'schoolYears', removed: ['2024–25 (2025)'], added: ['2026–27 (2027)'] },
    ]);
    expect(auditChanges({ schoolYears: ['2025', '2026'] }, { schoolYears: ['2026', '2025'] })).toEqual([]);
  });

  it('show an item that is an object in one line', () => {
    const limit = { name: 'jobs', most: 3, on: true, note: null };
    expect(auditChanges({ limits: [limit] }, { limits: [] })).toEqual([
      { field: 'limits', removed: ['name: jobs, most: 3, on: Yes'], added: [] },
    ]);
  });

  it('go into objects by dotted names, and take false and 0 for values', () => {
    expect(auditChanges({ limits: { jobs: 0, on: false } }, { limits: { jobs: 1, on: true } })).toEqual([
      { field: 'limits.jobs', removed: ['0'], added: ['1'] },
      { field: 'limits.on', removed: ['No'], added: ['Yes'] },
    ]);
  });

  it('read a field that was set for the first time as added', () => {
    expect(auditChanges({ baseUrl: null }, { baseUrl: 'https://ods.example.org' })).toEqual([
      { field: 'baseUrl', removed: [], added: ['https://ods.example.org'] },
    ]);
  });

  it('are none between two nothings', () => {
    expect(auditChanges(null, null)).toEqual([]);
  });
});
