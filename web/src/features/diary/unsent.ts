import type { Cell } from './cells'

/** Typed marks that no server has yet. There are no names in them: they outlive the visit, for the same account. */
export interface Unsent {
  lesson_id: string
  pupil_id: string
  version: number
  cell: Cell
}

const PREFIX = 'ekis-unsent-marks'

export const unsentKey = (account: string, of: { class: string; subject: string; term: string }) =>
  [PREFIX, account, of.class, of.subject, of.term].join(' ')

export function readUnsent(key: string): Unsent[] {
  return JSON.parse(localStorage.getItem(key) ?? '[]') as Unsent[]
}

export function keepUnsent(key: string, unsent: Unsent[]) {
  if (unsent.length === 0) localStorage.removeItem(key)
  else localStorage.setItem(key, JSON.stringify(unsent))
  for (const tell of listeners) tell()
}

const listeners = new Set<() => void>()

/** Calls back whenever what waits on this device has changed in this tab; returns how to stop that. */
export function onUnsent(tell: () => void): () => void {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

/** As long as a journal is open, in whatever tab, it alone sends what is typed there; returns how to leave it. */
export function holdUnsent(key: string): () => void {
  let leave!: () => void
  const left = new Promise<void>((resolve) => (leave = resolve))
  void navigator.locks.request(key, () => left)
  return leave
}

/** The keys of an account's journals in which something waits on this device. */
export const keysUnsent = (account: string) =>
  Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX} ${account} `))

/** Journals of an account in which something waits on this device. */
export function journalsUnsent(account: string): { class: string; subject: string; term: string }[] {
  return keysUnsent(account)
    .map((key) => key.split(' '))
    .map(([, , of_class, subject, term]) => ({ class: of_class!, subject: subject!, term: term! }))
}
