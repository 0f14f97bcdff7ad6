export type Absence = 'Н' | 'Б' | 'УП' | 'ОП'

/** What stands in a cell, as the server has it: a mark or a credit, an absence, the weight of the mark. */
export interface Cell {
  mark: number | null
  credit: boolean | null
  absence: Absence | null
  weight: number
  comment: string | null
}

/** A cell at its version; 0 while nothing was ever written there. */
export interface Kept extends Cell {
  version: number
}

export const EMPTY: Cell = { mark: null, credit: null, absence: null, weight: 1, comment: null }
const LATE: Absence = 'ОП' // came late, so was there and may have a mark

export const same = (one: Cell, other: Cell) =>
  one.mark === other.mark &&
  one.credit === other.credit &&
  one.absence === other.absence &&
  one.weight === other.weight &&
  one.comment === other.comment

export interface Signs {
  credit: string
  noCredit: string
}

/** `ОП 4`. */
export function textOf(cell: Cell, signs: Signs): string {
  const credit = cell.credit === null ? null : cell.credit ? signs.credit : signs.noCredit
  return [cell.absence, cell.mark, credit].filter(Boolean).join(' ')
}

const marked = (before: Cell, mark: number): Cell => ({
  ...before,
  mark,
  credit: null,
  absence: before.absence === LATE ? LATE : null,
})
const credited = (before: Cell, credit: boolean): Cell => ({ ...before, credit, mark: null })
const absent = (before: Cell, absence: Absence): Cell => ({
  ...before,
  absence,
  mark: absence === LATE ? before.mark : null,
})

// Letters of both keyboards: н б у о з, and what the same keys write in English
// prettier-ignore
const ABSENCES: Record<string, Absence> = {
  н: 'Н', y: 'Н', n: 'Н', б: 'Б', ',': 'Б', b: 'Б', у: 'УП', e: 'УП', о: 'ОП', j: 'ОП',
}
const CREDITS: Record<string, boolean> = { з: true, p: true, '+': true, '-': false }

/** The cell after a key; null for a key that says nothing of marks. */
export function pressed(key: string, before: Cell): Cell | null {
  const letter = key.toLowerCase()
  if (/^[2-5]$/.test(letter)) return marked(before, Number(letter))
  if (letter in ABSENCES) return absent(before, ABSENCES[letter]!)
  if (letter in CREDITS) return credited(before, CREDITS[letter]!)
  return ['delete', 'backspace', '0', 'del'].includes(letter) ? { ...EMPTY } : null
}

const LOOKALIKES: Record<string, string> = { H: 'Н', B: 'Б', O: 'О' }
const CODES: readonly string[] = ['Н', 'Б', 'УП', 'ОП']

/** The cell that a text of a spreadsheet means: `5`, `н`, `ОП 4`, `зач`; null for one that means none. */
export function parsed(text: string, weight: number): Cell | null {
  let cell: Cell = { ...EMPTY }
  for (const raw of text.trim().split(/\s+/).filter(Boolean)) {
    const word = raw.toUpperCase().replace(/[HBO]/g, (letter) => LOOKALIKES[letter]!)
    if (/^[2-5]$/.test(word)) cell = { ...marked(cell, Number(word)), weight }
    else if (CODES.includes(word)) cell = absent(cell, word as Absence)
    else if (/^(ЗАЧ|ЗАЧЕТ|ЗАЧЁТ|\+)\.?$/.test(word)) cell = credited(cell, true)
    else if (/^(НЕЗАЧ|НЕЗАЧЕТ|НЕЗАЧЁТ|-)\.?$/.test(word)) cell = credited(cell, false)
    else return null
  }
  return cell
}

/** To a hundredth, halves up, as the server rounds; null without marks. */
export function average(cells: Iterable<Cell>): number | null {
  let total = 0
  let weights = 0
  for (const { mark, weight } of cells) {
    if (mark === null) continue
    total += mark * weight
    weights += weight
  }
  return weights ? Math.floor((200 * total + weights) / (2 * weights)) / 100 : null
}
