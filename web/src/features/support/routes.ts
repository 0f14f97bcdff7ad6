import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Start } from './Start'

export const supportRoutes = (parent: AnyRoute) => [
  createRoute({ getParentRoute: () => parent, path: '/', component: Start }),
  createRoute({
    getParentRoute: () => parent,
    path: '/city-news',
    component: lazyRouteComponent(() => import('./CityNews'), 'CityNews'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/city-news/$news',
    component: lazyRouteComponent(() => import('./CityItem'), 'CityItem'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/schools',
    validateSearch: (search): { q?: string } => ({ q: typeof search.q === 'string' ? search.q : undefined }),
    component: lazyRouteComponent(() => import('./Schools'), 'Schools'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/request',
    validateSearch: (search): { school?: string } => ({
      school: typeof search.school === 'string' ? search.school : undefined,
    }),
    component: lazyRouteComponent(() => import('./Request'), 'Request'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/apply',
    component: lazyRouteComponent(() => import('./Apply'), 'Apply'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/help',
    component: lazyRouteComponent(() => import('./Help'), 'Help'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/help/$kind',
    component: lazyRouteComponent(() => import('./HelpForm'), 'HelpForm'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/confirm',
    component: lazyRouteComponent(() => import('./Confirm'), 'Confirm'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/track',
    component: lazyRouteComponent(() => import('./Track'), 'Track'),
  }),
]
