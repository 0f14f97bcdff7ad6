import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { ensureSession } from '../../api/session'

const signedIn = async ({ location }: { location: { pathname: string } }) => {
  const session = await ensureSession()
  if (!session) throw redirect({ to: '/signin', search: { to: location.pathname } as never })
  if (session.scope === 'activation') throw redirect({ to: '/welcome' })
}

export const meRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/me',
    beforeLoad: signedIn,
    component: lazyRouteComponent(() => import('./Me'), 'Me'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/devices',
    beforeLoad: signedIn,
    component: lazyRouteComponent(() => import('./Devices'), 'Devices'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/security',
    beforeLoad: signedIn,
    component: lazyRouteComponent(() => import('./Security'), 'Security'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/mails',
    beforeLoad: signedIn,
    component: lazyRouteComponent(() => import('./Mails'), 'Mails'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/me/disable',
    beforeLoad: signedIn,
    component: lazyRouteComponent(() => import('./Disable'), 'Disable'),
  }),
]
