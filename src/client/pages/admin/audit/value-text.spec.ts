import { valueText } from './value-text';

describe('a value of an audit record', () => {
  it.each([
    ['schoolYears', '2026', '2025–26 (2026)'],
    ['roles', 'operator', 'Operator'],
    ['roles', 'partner_admin demo', 'Partner administrator: demo'],
    ['roles', 'staff demo/north', 'Staff: demo › north'],
    ['state', 'disabled', 'Disabled'],
  ])('of %s, %s, is said as elsewhere on the page', (field, stored, text) => {
    expect(valueText(field, stored)).toBe(text);
  });

  it.each([
    ['name', '2026', '2026'],
    ['state', 'unheard_of', 'unheard_of'],
    ['roles', 'unheard_of demo', 'unheard_of: demo'],
    ['credentialsReplaced', true, 'Yes'],
  ])('of %s, %s, is as it is stored where the page has no word for it', (field, stored, text) => {
    expect(valueText(field, stored)).toBe(text);
  });
});
