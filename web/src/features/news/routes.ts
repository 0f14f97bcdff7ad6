import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

export const newsRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/news',
    component: lazyRouteComponent(() => import('./News'), 'News'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/news/$news',
    component: lazyRouteComponent(() => import('./NewsItem'), 'NewsItem'),
  }),
]
