import { registry, unwrap } from '../../api/client'
import type { Parcel } from '../../api/upload'
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
export const toTry = (file: File, kind: Kind, snapshot: boolean, key: string): Parcel => ({
  path: '/api/registry/imports',
  file,
  said: { kind, mode: 'dry-run', snapshot: String(snapshot) },
  key,
})
