import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

export const homeRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/home',
    beforeLoad: async (where) => {
      const session = await signedIn(where)
      if (session.roles.length) throw redirect({ to: '/desk' })
    },
    component: lazyRouteComponent(() => import('./Home'), 'Home'),
  }),
]
