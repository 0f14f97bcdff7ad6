import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'

type Schemas = components['schemas']
export type Joined = Schemas['JoinOut']

export const look = (code: string) =>
  unwrap(cabinet.GET('/api/cabinet/join/{code}', { params: { path: { code } } }))

export const handIn = (code: string, body: Schemas['WorkIn'], key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/join/{code}/hand-ins', {
      body,
      params: { path: { code }, header: { 'Idempotency-Key': key } },
    }),
  )

export const fileOfClass = (code: string, material_id: string) =>
  `/api/cabinet/join/${encodeURIComponent(code)}/materials/${material_id}/file`
