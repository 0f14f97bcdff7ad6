import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

export const homeRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/home',
    beforeLoad: noOperators,
    component: lazyRouteComponent(() => import('./Home'), 'Home'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/tasks',
    beforeLoad: noOperators,
    component: lazyRouteComponent(() => import('./Tasks'), 'Tasks'),
  }),
]

async function noOperators(where: { location: { pathname: string } }) {
  const session = await signedIn(where)
  if (session.roles.length) throw redirect({ to: '/desk' })
}
