import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { ensureSession } from '../../api/session'

export const homeRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/home',
    beforeLoad: async ({ location }) => {
      const session = await ensureSession()
      if (!session) throw redirect({ to: '/signin', search: { to: location.pathname } as never })
      if (session.scope === 'activation') throw redirect({ to: '/welcome' })
      if (session.roles.length) throw redirect({ to: '/desk' })
    },
    component: lazyRouteComponent(() => import('./Home'), 'Home'),
  }),
]
