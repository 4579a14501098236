export const partnerUrl = (partner: string): string => `/admin/partners/${encodeURIComponent(partner)}`;

export const adminTenantUrl = (partner: string, tenant: string): string =>
  `${partnerUrl(partner)}/tenants/${encodeURIComponent(tenant)}`;
