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
}

/** Journals of an account in which something waits on this device. */
export function journalsUnsent(account: string): { class: string; subject: string; term: string }[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(`${PREFIX} ${account} `))
    .map((key) => key.split(' '))
    .map(([, , of_class, subject, term]) => ({ class: of_class!, subject: subject!, term: term! }))
}
