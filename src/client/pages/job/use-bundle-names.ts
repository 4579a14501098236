import { useQuery } from '@tanstack/react-query';
import { bundlesQuery } from '../../api/bundles';
import type { TenantPath } from '../../api/tenant';

/**
 * What people call the files and parameters of a bundle.
 *
 * @returns the name for an env_var; the env_var itself where it has none, and for a bundle that is not enabled any more
 */
export function useBundleNames(path: TenantPath, bundle: string): (envVar: string) => string {
  const { data } = useQuery(bundlesQuery(path));
  const known = data?.items.find((candidate) => candidate.path === bundle);
  const names = new Map(
    [...(known?.files ?? []), ...(known?.params ?? [])].map(({ envVar, displayName }) => [envVar, displayName]),
  );
  return (envVar) => names.get(envVar) ?? envVar;
}
