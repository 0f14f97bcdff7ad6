import { registry, unwrap } from '../../api/client'
import type { components } from '../../api/generated/registry'
import type { Act } from '../../ui/ActDialog'

type Schemas = components['schemas']
export type Application = Schemas['ApplicationOut']
export type Review = Schemas['ReviewOut']
export type ApplicationState = Application['state']

export const STATES: ApplicationState[] = [
  'submitted',
  'in-review',
  'clarification-requested',
  'approved',
  'rejected',
  'withdrawn',
  'expired',
]
const REASONS = ['requisites-mismatch', 'not-authorised', 'wrong-documents', 'not-a-school', 'other']

export const isOpen = (state: ApplicationState) => state === 'submitted' || state === 'in-review'

export interface Filters {
  state?: ApplicationState | 'any'
  q?: string
}

/** Without a choice: what waits for a registrar. */
export function loadApplications({ state, q }: Filters, cursor: string | undefined) {
  const chosen: ApplicationState[] = state ? (state === 'any' ? [] : [state]) : ['submitted', 'in-review']
  const query = { state: chosen, q, cursor }
  return unwrap(registry.GET('/api/registry/applications', { params: { query } }))
}

export const loadCounts = () =>
  unwrap(registry.GET('/api/registry/applications/counts')) as Promise<Record<ApplicationState, number>>

const at = (number: string) => ({ params: { path: { number } } })

export const loadReview = (number: string) =>
  unwrap(registry.GET('/api/registry/applications/{number}/review', at(number)))

type Verb = 'approve' | 'reject' | 'clarify'

const decide = (number: string, decision: Verb, reason?: string, text?: string) =>
  unwrap(
    registry.POST('/api/registry/applications/{number}/decision', {
      ...at(number),
      body: { decision, reason: reason || null, text: text || null },
    }),
  )

/** What a decision asks for, and how it is made. */
export function decisionOf(verb: Verb, application: Application, say: (key: string) => string): Act {
  const text = { name: 'text', label: say(`${verb}-words`), hint: say('to-applicant') }
  const fields = {
    approve: [],
    clarify: [text],
    reject: [
      {
        name: 'reason',
        label: say('reason'),
        options: REASONS.map((value) => ({ value, label: say(`reject.${value}`) })),
      },
      text,
    ],
  }
  return {
    title: say(`act.${verb}`),
    text: say(`act.${verb}-text`),
    confirm: say(`act.${verb}-do`),
    grave: verb === 'reject',
    fields: fields[verb],
    send: ({ reason, text: words }) => decide(application.number, verb, reason, words),
  }
}
