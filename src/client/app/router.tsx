import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { Loading } from '../components/loading';
import { BrokenPage, NotFoundPage } from './error-pages';
import { HomePage } from './home-page';
import { Shell } from './shell';
import { SignedIn } from './signed-in';
import { TenantScope } from './tenant-scope';

/** Every page is loaded when it is first visited; its module exports it as `Component`. */
const tenantPages: RouteObject[] = [
  { index: true, element: <Navigate to="jobs" replace /> },
  { path: 'jobs', lazy: () => import('../pages/jobs/jobs-page') },
  { path: 'jobs/:uid', lazy: () => import('../pages/job/job-page') },
  { path: 'help', lazy: () => import('../pages/help/help-page') },
  { path: 'help/*', lazy: () => import('../pages/help/bundle-page') },
  { path: 'jobs/new', lazy: () => import('../pages/new-job/new-job-page') },
];

const partnerPages: RouteObject[] = [
  { index: true, lazy: () => import('../pages/admin/partner/tenants-page') },
  { path: 'school-years', lazy: () => import('../pages/admin/partner/school-years-page') },
  { path: 'bundles', lazy: () => import('../pages/admin/partner/bundles-page') },
  { path: 'users', lazy: () => import('../pages/admin/partner/partner-users-page') },
  { path: 'api-clients', lazy: () => import('../pages/admin/partner/api-clients-page') },
];

const adminPages: RouteObject[] = [
  { index: true, lazy: () => import('../pages/admin/admin-home') },
  { path: 'partners', lazy: () => import('../pages/admin/partners/partners-page') },
  { path: 'partners/:partner', lazy: () => import('../pages/admin/partner/partner-layout'), children: partnerPages },
  { path: 'partners/:partner/tenants/:tenant', lazy: () => import('../pages/admin/tenant/ods-connections-page') },
  { path: 'users', lazy: () => import('../pages/admin/users/users-page') },
  { path: 'registry', lazy: () => import('../pages/admin/registry/registry-page') },
  { path: 'audit', lazy: () => import('../pages/admin/audit/audit-page') },
];

/** A page that breaks leaves the shell around it as it is. */
const pages: RouteObject[] = [
  { index: true, element: <HomePage /> },
  { path: 'partners/:partner/tenants/:tenant', element: <TenantScope />, children: tenantPages },
  { path: 'admin', lazy: () => import('../pages/admin/admin-layout'), children: adminPages },
  { path: '*', element: <NotFoundPage /> },
];

export const createRouter = () =>
  createBrowserRouter([
    {
      hydrateFallbackElement: <Loading />,
      errorElement: <BrokenPage />,
      children: [
        { path: 'sign-in', lazy: () => import('../pages/sign-in/sign-in-page') },
        // Answered by the server, which goes on to elsewhere unless something fails.
        { path: 'api/auth/*', lazy: () => import('../pages/sign-in/sign-in-failed-page') },
        { path: 'signed-in', lazy: () => import('../pages/sign-in/signed-in-page') },
        {
          element: <SignedIn />,
          children: [{ element: <Shell />, children: [{ errorElement: <BrokenPage />, children: pages }] }],
        },
      ],
    },
  ]);
