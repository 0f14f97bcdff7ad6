import { registry, unwrap } from './client'
import type { components } from './generated/registry'

type Schemas = components['schemas']
export type Referral = Schemas['ReferralOut']
export type Answer = Schemas['AnswerIn']

export const loadReferrals = (cursor: string | undefined) =>
  unwrap(registry.GET('/api/registry/referrals', { params: { query: { cursor } } }))

export const decide = (request_id: string, body: Answer) =>
  unwrap(
    registry.POST('/api/registry/referrals/{request_id}/decision', {
      params: { path: { request_id } },
      body,
    }),
  )

export const loadSchool = (school_id: string) =>
  unwrap(registry.GET('/api/registry/schools/{school_id}', { params: { path: { school_id } } }))
