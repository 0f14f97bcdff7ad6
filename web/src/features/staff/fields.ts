import type { Staff } from './roll'

/** What a head may write of a person, in the order of the form. Who is head of a school is the department's to say. */
export const FIELDS = [
  'last_name',
  'first_name',
  'patronymic',
  'post',
  'division',
  'email',
  'employment',
  'since',
] as const

export type Values = Record<(typeof FIELDS)[number], string>

/** As the form holds it: nothing is an empty text. */
export const asValues = (staff: Partial<Staff>): Values => ({
  last_name: staff.last_name ?? '',
  first_name: staff.first_name ?? '',
  patronymic: staff.patronymic ?? '',
  post: staff.post ?? '',
  division: staff.division ?? '',
  email: staff.email ?? '',
  employment: staff.employment ?? 'main',
  since: staff.since ?? '',
})

/** As the server takes it: those of the fields that differ from `before`. */
export function changes(values: Values, before: Values): Partial<Staff> {
  const changed = FIELDS.filter((field) => values[field].trim() !== before[field])
  return Object.fromEntries(changed.map((field) => [field, values[field].trim() || null]))
}
