import i18next from 'i18next'

const MOSCOW = 'Europe/Moscow'

/** `24 ноября, 14:05`, in Moscow time; today without the date. */
export function moment(iso: string): string {
  const at = new Date(iso)
  const day = (date: Date) => date.toLocaleDateString('sv', { timeZone: MOSCOW })
  const time = timeOf(iso)
  if (day(at) === day(new Date())) return `${i18next.t('ui:today')}, ${time}`
  return `${date(iso)}, ${time}`
}

/** `14:05`, in Moscow time. */
export const timeOf = (iso: string) =>
  new Date(iso).toLocaleTimeString(i18next.language, { hour: '2-digit', minute: '2-digit', timeZone: MOSCOW })

/** `28 ноября`; with the year if it is another one. */
export function date(iso: string): string {
  const at = new Date(iso)
  const other = at.getFullYear() !== new Date().getFullYear()
  const options = {
    day: 'numeric',
    month: 'long',
    year: other ? 'numeric' : undefined,
    timeZone: MOSCOW,
  } as const
  return at.toLocaleDateString(i18next.language, options)
}

/** `01.11.2026`, as documents are dated. */
export const fullDate = (iso: string) =>
  new Date(iso).toLocaleDateString('ru', {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    timeZone: MOSCOW,
  })

/** `2026-11-24`: the day that it is in Moscow. */
export const today = () => new Date().toLocaleDateString('sv', { timeZone: MOSCOW })

/** What a field of the browser for a moment holds, in Moscow time. */
export const moscowInput = (iso: string) =>
  new Date(iso).toLocaleString('sv', { timeZone: MOSCOW }).slice(0, 16).replace(' ', 'T')

/** The moment that such a field means; Moscow has no summer time. */
export const moscowMoment = (input: string) => `${input}:00+03:00`

/** The last day of a term that ends at a midnight. */
export const lastDay = (until: string): string => date(new Date(new Date(until).getTime() - 1).toISOString())

export const isOver = (until: string): boolean => new Date(until) <= new Date()
