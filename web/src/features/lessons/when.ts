import i18next from 'i18next'

const MOSCOW = { timeZone: 'Europe/Moscow' } as const
const DAY = 86_400_000 // milliseconds

/** `2026-11-25`, the date in Moscow. */
export const dayOf = (at: Date) => at.toLocaleDateString('sv', MOSCOW)

/** `среда, 25 ноября`. */
export const dayName = (day: string) =>
  noon(day).toLocaleDateString(i18next.language, { weekday: 'long', day: 'numeric', month: 'long' })

/** Moscow keeps one time all year round. */
export const inMoscow = (day: string, time: string) => `${day}T${time}:00+03:00`

const noon = (day: string) => new Date(`${day}T12:00:00`)

/** The ISO week of a day, `2026-W48`: that of its Thursday. */
export function weekOf(day: string): string {
  const date = noon(day)
  date.setDate(date.getDate() + 4 - (date.getDay() || 7))
  const first = new Date(date.getFullYear(), 0, 1)
  const number = Math.ceil(((+date - +first) / DAY + 1) / 7)
  return `${date.getFullYear()}-W${String(number).padStart(2, '0')}`
}

/** The Monday of an ISO week. */
export function mondayOf(week: string): string {
  const [year, number] = week.split('-W').map(Number) as [number, number]
  const fourth = new Date(year, 0, 4, 12) // always in the first week
  fourth.setDate(fourth.getDate() - ((fourth.getDay() || 7) - 1) + (number - 1) * 7)
  return fourth.toLocaleDateString('sv')
}

export function moveWeek(week: string, by: number): string {
  const date = noon(mondayOf(week))
  date.setDate(date.getDate() + by * 7)
  return weekOf(date.toLocaleDateString('sv'))
}

/** `23–29 ноября`. */
export function weekName(week: string): string {
  const first = noon(mondayOf(week))
  const last = new Date(+first + 6 * DAY)
  return new Intl.DateTimeFormat(i18next.language, { day: 'numeric', month: 'long' }).formatRange(first, last)
}
