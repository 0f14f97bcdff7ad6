import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { ensureSession } from '../../api/session'

export const signinRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/signin',
    validateSearch: (search): { to?: string } => ({
      to: typeof search.to === 'string' ? search.to : undefined,
    }),
    component: lazyRouteComponent(() => import('./SignIn'), 'SignIn'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/welcome',
    beforeLoad: async () => {
      const session = await ensureSession()
      if (!session) throw redirect({ to: '/signin' })
    },
    component: lazyRouteComponent(() => import('./Welcome'), 'Welcome'),
  }),
]
