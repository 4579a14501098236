import { useInfiniteQuery } from '@tanstack/react-query';
import { tenantsQuery, type Named } from '../../../api/admin';
import { texts } from '../../../texts';
import { NamedSelect } from './named-select';
import { useTypedSearch } from './use-typed-search';

interface TenantSelectProps {
  /** Whose; null: not chosen yet. */
  readonly partner: string | null;
  readonly value: Named | null;
  readonly onChange: (tenant: Named | null) => void;
  readonly error?: string | null;
}

/** One of a partner's tenants. */
export function TenantSelect({ partner, value, ...select }: TenantSelectProps) {
  const { wanted, ...typing } = useTypedSearch(value);
  const { data: found = [] } = useInfiniteQuery({ ...tenantsQuery(partner ?? '', wanted), enabled: partner !== null });
  return (
    <NamedSelect
      label={texts.admin.roles.tenant}
      value={value}
      found={partner === null ? [] : found}
      disabled={partner === null}
      {...typing}
      {...select}
    />
  );
}
