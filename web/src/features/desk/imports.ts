import { registry, unwrap } from '../../api/client'
import type { components } from '../../api/generated/registry'

export type Job = components['schemas']['ImportOut']
export type Kind = Job['kind']

export const VERDICTS = ['new', 'changed', 'unchanged', 'rejected', 'missing'] as const

export const isRunning = ({ state }: Job) => state === 'queued' || state === 'running'

export const loadImports = (cursor: string | undefined) =>
  unwrap(registry.GET('/api/registry/imports', { params: { query: { cursor } } }))

const at = (import_id: string) => ({ params: { path: { import_id } } })

export const loadImport = (id: string) => unwrap(registry.GET('/api/registry/imports/{import_id}', at(id)))

export const cancel = (id: string) =>
  unwrap(registry.POST('/api/registry/imports/{import_id}/cancel', at(id)))

export const apply = (id: string) => unwrap(registry.POST('/api/registry/imports/{import_id}/apply', at(id)))

/** Tries a file: nothing is changed before somebody has seen what would be. */
export function upload(file: File, kind: Kind, snapshot: boolean, key: string) {
  const form = new FormData()
  form.append('kind', kind)
  form.append('mode', 'dry-run')
  form.append('snapshot', String(snapshot))
  form.append('file', file)
  return unwrap(
    registry.POST('/api/registry/imports', {
      params: { header: { 'Idempotency-Key': key } },
      body: form as never,
      bodySerializer: (body) => body as unknown as FormData,
    }),
  )
}
