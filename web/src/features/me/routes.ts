import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

export const meRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/me',
    component: lazyRouteComponent(() => import('./Me'), 'Me'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/devices',
    component: lazyRouteComponent(() => import('./Devices'), 'Devices'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/security',
    component: lazyRouteComponent(() => import('./Security'), 'Security'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/mails',
    component: lazyRouteComponent(() => import('./Mails'), 'Mails'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/data',
    component: lazyRouteComponent(() => import('./Data'), 'Data'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/disable',
    component: lazyRouteComponent(() => import('./Disable'), 'Disable'),
  }),
]
