import { Button, Select, TextInput } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { Named } from '../../../api/admin';
import { texts } from '../../../texts';
import { PartnerSelect } from '../shared/partner-select';
import classes from './audit.module.css';
import { AUDIT_ACTIONS } from './audit-filters';
import { UserSelect } from './user-select';

const words = texts.admin.audit;

/** What the log is narrowed down to; it is kept in the address. */
export function AuditFilterBar() {
  const [params, setParams] = useSearchParams();
  const value = (name: string): string => params.get(name) ?? '';
  function set(name: string, wanted: string | null): void {
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (wanted) next.set(name, wanted);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  }
  const partner: Named | null = value('partner') === '' ? null : { code: value('partner'), name: value('partner') };
  return (
    <div role="search" aria-label={words.filters} className={classes.filters}>
      <PartnerSelect value={partner} onChange={(chosen) => set('partner', chosen?.code ?? null)} clearable />
      <UserSelect uid={value('user') || null} onChange={(uid) => set('user', uid)} />
      <Select
        className={classes.action}
        label={words.action}
        data={AUDIT_ACTIONS.map((action) => ({ value: action, label: words.actions[action] }))}
        value={value('action') || null}
        onChange={(action) => set('action', action)}
        clearable
        clearButtonProps={{ 'aria-label': texts.admin.clear(words.action) }}
      />
      <TextInput type="date" label={words.from} value={value('from')} onChange={(event) => set('from', event.target.value)} />
      <TextInput type="date" label={words.until} value={value('until')} onChange={(event) => set('until', event.target.value)} />
      {params.size > 0 && (
        <Button variant="subtle" justify="start" px={0} onClick={() => setParams({}, { replace: true })}>
          {words.clear}
        </Button>
      )}
    </div>
  );
}
