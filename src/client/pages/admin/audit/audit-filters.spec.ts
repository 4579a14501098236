import { auditFilters } from './audit-filters';

const filtersOf = (query: string) => auditFilters(new URLSearchParams(query));

describe('the filters of the audit log', () => {
  it('are what the address says', () => {
    expect(filtersOf('partner=demo&user=u1&action=partner.renamed')).toEqual({
      partner: 'demo',
      user: 'u1',
      action: 'partner.renamed',
    });
  });

  it('take whole days in the reader’s zone', () => {
    const { createdAfter, createdBefore } = filtersOf('from=2026-03-01&until=2026-03-01');
    expect(new Date(createdAfter ?? '').getTime()).toBe(new Date(2026, 2, 1).getTime() - 1);
    expect(new Date(createdBefore ?? '').getTime()).toBe(new Date(2026, 2, 2).getTime());
  });

  it('leave out what is not known or not a day', () => {
    expect(filtersOf('action=partner.exploded&from=yesterday&until=2026-13-45&partner=')).toEqual({});
  });
});
