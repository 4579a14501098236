import type { Named, RoleGrant } from '../../../api/admin';
import { addGrant, countChanges, missingPart, removeGrant, widerGrant } from './role-grants';

const named = (code: string): Named => ({ code, name: code.toUpperCase() });
const operator: RoleGrant = { role: 'operator', partner: null, tenant: null };
const admin = (partner: string): RoleGrant => ({ role: 'partner_admin', partner: named(partner), tenant: null });
const staff = (partner: string, tenant: string): RoleGrant => ({ role: 'staff', partner: named(partner), tenant: named(tenant) });

describe('a user’s roles', () => {
  it('are kept widest first, however they are given', () => {
    const grants = [staff('demo', 'south'), staff('demo', 'north'), operator, admin('demo')].reduce<RoleGrant[]>(addGrant, []);
    expect(grants).toEqual([operator, admin('demo'), staff('demo', 'north'), staff('demo', 'south')]);
  });

  it('hold the same one once', () => {
    expect(addGrant([staff('demo', 'north')], staff('demo', 'north'))).toEqual([staff('demo', 'north')]);
  });

  it('tell tenants of one code at two partners apart', () => {
    const grants = [staff('demo', 'north'), staff('other', 'north')];
    expect(removeGrant(grants, staff('other', 'north'))).toEqual([staff('demo', 'north')]);
  });

  it('are covered by a wider one of the same partner, or by operator', () => {
    expect(widerGrant([admin('demo'), staff('demo', 'north')], staff('demo', 'north'))).toEqual(admin('demo'));
    expect(widerGrant([admin('other'), staff('demo', 'north')], staff('demo', 'north'))).toBeNull();
    expect(widerGrant([admin('demo'), operator], staff('demo', 'north'))).toEqual(operator);
    expect(widerGrant([operator], operator)).toBeNull();
    expect(widerGrant([admin('demo')], admin('demo'))).toBeNull();
  });

  it('are counted by what a change gives and takes', () => {
    expect(countChanges([admin('demo'), staff('demo', 'north')], [staff('demo', 'north'), operator])).toBe(2);
    expect(countChanges([operator, admin('demo')], [admin('demo'), operator])).toBe(0);
  });

  it('are whole once they name what they are for', () => {
    expect(missingPart(operator)).toBeNull();
    expect(missingPart({ role: 'partner_admin', partner: null, tenant: null })).toBe('partner');
    expect(missingPart(admin('demo'))).toBeNull();
    expect(missingPart({ role: 'staff', partner: named('demo'), tenant: null })).toBe('tenant');
    expect(missingPart(staff('demo', 'north'))).toBeNull();
  });
});
