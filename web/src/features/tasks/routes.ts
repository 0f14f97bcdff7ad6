import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

export const taskRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/tasks',
    component: lazyRouteComponent(() => import('./Tasks'), 'Tasks'),
  }),
]
