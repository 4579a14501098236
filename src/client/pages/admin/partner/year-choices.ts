/** Which school years are enabled for which tenants: end years by the tenant's code. */
export type YearsByTenant = Readonly<Record<string, readonly string[]>>;

/** How many years back are offered although no tenant has them: the running one and what is often handed in late. */
const YEARS_BACK = 2;

/**
 * The years to choose from: those that a tenant has, the reader added, and that are usual; newest first, as it is mostly about those.
 *
 * @param now of the reader. From July on the school year that begins counts as the running one.
 */
export function offeredYears(chosen: YearsByTenant, added: readonly string[], now: Date): string[] {
  const running = now.getMonth() >= 6 ? now.getFullYear() + 1 : now.getFullYear();
  const usual = Array.from({ length: YEARS_BACK + 2 }, (_, index) => String(running - YEARS_BACK + index));
  return [...new Set([...Object.values(chosen).flat(), ...added, ...usual])].sort().reverse();
}

/** The years with one put in, or taken out if it was there. */
export const toggleYear = (years: readonly string[], year: string): string[] =>
  years.includes(year) ? years.filter((other) => other !== year) : [...years, year].sort();

/** The tenants that have other years than before, with these years. */
export function changedTenants(before: YearsByTenant, after: YearsByTenant): { tenant: string; schoolYears: string[] }[] {
  const text = (years: readonly string[] = []): string => [...years].sort().join();
  return Object.entries(after)
    .filter(([tenant, years]) => text(years) !== text(before[tenant]))
    .map(([tenant, years]) => ({ tenant, schoolYears: [...years].sort() }));
}
