import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

export const documentRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/documents',
    component: lazyRouteComponent(() => import('./Documents'), 'Documents'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/documents/$document',
    component: lazyRouteComponent(() => import('./Document'), 'Document'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/documents/$document/acknowledgements',
    component: lazyRouteComponent(() => import('./Matrix'), 'Matrix'),
  }),
]
