const DAY = 86_400_000

const iso = (at: number) => new Date(at).toISOString().slice(0, 10)

/** So many days after a day, 2026-11-25. */
export const shifted = (day: string, days: number) => iso(Date.parse(day) + days * DAY)

const weekday = (day: string) => (new Date(day).getUTCDay() + 6) % 7

/** The ISO week of a day, 2026-W48: the one whose Thursday is in that year. */
export function weekOf(day: string): string {
  const thursday = shifted(day, 3 - weekday(day))
  const year = thursday.slice(0, 4)
  const days = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / DAY
  return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`
}

/** The first day of an ISO week. */
export function monday(week: string): string {
  const fourth = `${week.slice(0, 4)}-01-04` // is always in the first week
  return shifted(fourth, (Number(week.slice(6)) - 1) * 7 - weekday(fourth))
}
