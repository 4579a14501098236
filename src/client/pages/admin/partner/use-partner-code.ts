import { useParams } from 'react-router';

/** The partner that the page is about, by its code. */
export function usePartnerCode(): string {
  const { partner } = useParams();
  if (partner === undefined) throw new Error('this page is not under a partner');
  return partner;
}
