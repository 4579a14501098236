import { useInfiniteQuery } from '@tanstack/react-query';
import { partnersQuery, type Named } from '../../../api/admin';
import { texts } from '../../../texts';
import { NamedSelect } from './named-select';
import { useTypedSearch } from './use-typed-search';

interface PartnerSelectProps {
  readonly value: Named | null;
  readonly onChange: (partner: Named | null) => void;
  readonly error?: string | null;
  readonly clearable?: boolean;
}

/** One of the partners that the user administers. */
export function PartnerSelect({ value, ...select }: PartnerSelectProps) {
  const { wanted, ...typing } = useTypedSearch(value);
  const { data: found = [] } = useInfiniteQuery(partnersQuery(wanted));
  return <NamedSelect label={texts.admin.roles.partner} value={value} found={found} {...typing} {...select} />;
}
