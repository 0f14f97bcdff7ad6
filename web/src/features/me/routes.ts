import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

export const meRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/me',
    beforeLoad: async (where) => void (await signedIn(where)),
    component: lazyRouteComponent(() => import('./Me'), 'Me'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/devices',
    beforeLoad: async (where) => void (await signedIn(where)),
    component: lazyRouteComponent(() => import('./Devices'), 'Devices'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/security',
    beforeLoad: async (where) => void (await signedIn(where)),
    component: lazyRouteComponent(() => import('./Security'), 'Security'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/mails',
    beforeLoad: async (where) => void (await signedIn(where)),
    component: lazyRouteComponent(() => import('./Mails'), 'Mails'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/disable',
    beforeLoad: async (where) => void (await signedIn(where)),
    component: lazyRouteComponent(() => import('./Disable'), 'Disable'),
  }),
]
