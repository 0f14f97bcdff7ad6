import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

export const homeRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/home',
    beforeLoad: noOperators,
    component: lazyRouteComponent(() => import('./Home'), 'Home'),
  }),
]

async function noOperators(where: { location: { pathname: string } }) {
  const session = await signedIn(where)
  if (session.roles.length) throw redirect({ to: '/desk' })
}
