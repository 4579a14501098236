import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { Loading } from '../components/loading';
import { BrokenPage, NotFoundPage } from './error-pages';
import { HomePage } from './home-page';
import { Shell } from './shell';
import { SignedIn } from './signed-in';
import { TenantScope } from './tenant-scope';

/** Every page is loaded when it is first visited; its module exports it as `Component`. */
const tenantPages: RouteObject[] = [{ index: true, element: <Navigate to="jobs" replace /> }];

const adminPages: RouteObject[] = [];

/** A page that breaks leaves the shell around it as it is. */
const pages: RouteObject[] = [
  { index: true, element: <HomePage /> },
  { path: 'partners/:partner/tenants/:tenant', element: <TenantScope />, children: tenantPages },
  { path: 'admin', children: adminPages },
  { path: '*', element: <NotFoundPage /> },
];

export const createRouter = () =>
  createBrowserRouter([
    {
      hydrateFallbackElement: <Loading />,
      errorElement: <BrokenPage />,
      children: [
        {
          element: <SignedIn />,
          children: [{ element: <Shell />, children: [{ errorElement: <BrokenPage />, children: pages }] }],
        },
      ],
    },
  ]);
