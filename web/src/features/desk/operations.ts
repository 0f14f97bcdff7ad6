import { cabinet, identity, notify, registry, unwrap } from '../../api/client'
import type { components } from '../../api/generated/registry'
import { moscowMoment } from '../../ui/dates'

export type Standing = components['schemas']['StandingOut']

export const SERVICES = ['registry', 'identity', 'cabinet', 'notify'] as const
export type Service = (typeof SERVICES)[number]

type Letters = components['schemas']['Letters']
type Wish = { since: string; topic: string | null }

// Each service has a client of its own, typed by its own paths
const ASKED = {
  registry: {
    standing: () => registry.GET('/api/registry/operations'),
    letters: (query: object) => registry.GET('/api/registry/operations/dead-letters', { params: { query } }),
    replay: (body: Wish) => registry.POST('/api/registry/operations/replays', { body }),
  },
  identity: {
    standing: () => identity.GET('/api/identity/operations'),
    letters: (query: object) => identity.GET('/api/identity/operations/dead-letters', { params: { query } }),
    replay: (body: Wish) => identity.POST('/api/identity/operations/replays', { body }),
  },
  cabinet: {
    standing: () => cabinet.GET('/api/cabinet/operations'),
    letters: (query: object) => cabinet.GET('/api/cabinet/operations/dead-letters', { params: { query } }),
    replay: (body: Wish) => cabinet.POST('/api/cabinet/operations/replays', { body }),
  },
  notify: {
    standing: () => notify.GET('/api/notify/operations'),
    letters: (query: object) => notify.GET('/api/notify/operations/dead-letters', { params: { query } }),
    replay: (body: Wish) => notify.POST('/api/notify/operations/replays', { body }),
  },
}

export const loadStanding = (service: Service): Promise<Standing> => unwrap(ASKED[service].standing())

export const loadLetters = (service: Service, cursor: string | undefined): Promise<Letters> =>
  unwrap(ASKED[service].letters({ cursor }))

/** `since` is what a field of a form for a moment holds. */
export const tellAgain = (service: Service, since: string, topic: string) =>
  unwrap(ASKED[service].replay({ since: moscowMoment(since), topic: topic || null }))

export const behind = (lag: Standing['lag']) => Object.entries(lag ?? {}).filter(([, events]) => events > 0)
