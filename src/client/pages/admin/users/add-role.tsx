import { Button, Fieldset, Select, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Role, RoleGrant } from '../../../api/admin';
import { texts } from '../../../texts';
import { PartnerSelect } from '../shared/partner-select';
import { TenantSelect } from '../shared/tenant-select';
import { missingPart, ROLES } from './role-grants';

const words = texts.admin.roles;

interface AddRoleProps {
  /** Only staff of its tenants; null: any role. */
  readonly partner: string | null;
  readonly onAdd: (grant: RoleGrant) => void;
}

/** Chooses a role, and step by step what it is for. */
export function AddRole({ partner, onAdd }: AddRoleProps) {
  const empty: RoleGrant = { role: 'staff', partner: partner === null ? null : { code: partner, name: partner }, tenant: null };
  const [grant, setGrant] = useState(empty);
  const [tried, setTried] = useState(false);
  const missing = missingPart(grant);
  const choose = (part: Partial<RoleGrant>): void => setGrant({ ...grant, ...part });

  function add(): void {
    setTried(missing !== null);
    if (missing !== null) return;
    onAdd(grant);
    choose(grant.role === 'staff' ? { tenant: null } : { partner: empty.partner });
  }
  return (
    <Fieldset legend={words.add}>
      <Stack gap="sm">
        {partner === null && (
          <Select
            label={words.role}
            description={words.meaning[grant.role]}
            data={ROLES.map((role) => ({ value: role, label: words.names[role] }))}
            value={grant.role}
            onChange={(role) => setGrant({ ...empty, role: role as Role })}
            allowDeselect={false}
          />
        )}
        {partner === null && grant.role !== 'operator' && (
          <PartnerSelect
            value={grant.partner}
            onChange={(chosen) => choose({ partner: chosen, tenant: null })}
            error={tried && missing === 'partner' ? words.choosePartner : null}
          />
        )}
        {grant.role === 'staff' && (
          <TenantSelect
            // Another partner's tenants are others, also what was typed to find one.
            key={grant.partner?.code}
            partner={grant.partner?.code ?? null}
            value={grant.tenant}
            onChange={(tenant) => choose({ tenant })}
            error={tried && missing === 'tenant' ? words.chooseTenant : null}
          />
        )}
        <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {words.add}
        </Button>
      </Stack>
    </Fieldset>
  );
}
