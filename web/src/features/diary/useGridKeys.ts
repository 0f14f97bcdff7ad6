import type { ClipboardEvent, KeyboardEvent, MouseEvent, RefObject } from 'react'
import type { Chosen } from './sheet'

interface Acts {
  columns: unknown[]
  pupils: unknown[]
  onChoose: (chosen: Chosen) => void
  /** False for a key that means nothing here. */
  onType: (chosen: Chosen, key: string) => boolean
  onPaste: (chosen: Chosen, texts: string[][]) => void
  onUndo: () => void
  onDetails: (chosen: Chosen) => void
}

const clamped = (value: number, most: number) => Math.max(0, Math.min(value, most))

/** Moves the only tab stop of a grid to a cell, or to what can be pressed in it, and the focus with it. */
export function focusCell(grid: HTMLTableElement, row: number, column: number, { quietly = false } = {}) {
  const line = grid.rows[clamped(row, grid.rows.length - 1)]!
  const cell = line.cells[clamped(column, line.cells.length - 1)]!
  const target = cell.querySelector<HTMLElement>('a, button') ?? cell
  grid.querySelector<HTMLElement>('[tabindex="0"]')?.setAttribute('tabindex', '-1')
  target.tabIndex = 0
  if (quietly) return
  target.focus({ preventScroll: true })
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

function placeOf(target: EventTarget | null): [row: number, column: number] | null {
  const cell = target instanceof HTMLElement ? target.closest<HTMLTableCellElement>('td, th') : null
  return cell && [(cell.parentElement as HTMLTableRowElement).rowIndex, cell.cellIndex]
}

/** Where a key leads from a cell; null for a key that does not move. */
function moved(event: KeyboardEvent, [row, column]: [number, number], last: [number, number]) {
  const whole = event.ctrlKey || event.metaKey
  switch (event.key) {
    case 'ArrowUp':
      return [whole ? 1 : row - 1, column]
    case 'ArrowDown':
      return [whole ? last[0] : row + 1, column]
    case 'ArrowLeft':
      return [row, whole ? 1 : column - 1]
    case 'ArrowRight':
      return [row, whole ? last[1] - 2 : column + 1]
    case 'Home':
      return [whole ? 1 : row, 0]
    case 'End':
      return [whole ? last[0] : row, last[1]]
    case 'PageUp':
      return [row - 10, column]
    case 'PageDown':
      return [row + 10, column]
    case 'Enter':
      return [event.shiftKey ? row - 1 : row + 1, column]
    default:
      return null
  }
}

/** Keys of the grid: arrows move, Enter goes down, Tab to the right, marks are typed, Ctrl+Z takes back, F2 tells more. */
export function useGridKeys(table: RefObject<HTMLTableElement | null>, acts: Acts) {
  const chosenAt = (target: EventTarget | null): Chosen | null => {
    const place = placeOf(target)
    if (!place) return null
    const chosen = { pupil: place[0] - 1, lesson: place[1] - 1 }
    return chosen.pupil >= 0 && chosen.lesson >= 0 && chosen.lesson < acts.columns.length ? chosen : null
  }

  function onKeyDown(event: KeyboardEvent) {
    const grid = table.current
    const place = placeOf(event.target)
    if (!grid || !place || event.altKey) return
    const last: [number, number] = [grid.rows.length - 1, grid.rows[0]!.cells.length - 1]
    if (event.key === 'Tab') {
      // Past the edge of a row Tab leaves the grid, as everywhere
      const next = place[1] + (event.shiftKey ? -1 : 1)
      if (next < 0 || next > last[1]) return
      event.preventDefault()
      return focusCell(grid, place[0], next)
    }
    const isPressed =
      event.key === 'Enter' && event.target instanceof HTMLElement && event.target.matches('a, button')
    const next = isPressed ? null : moved(event, place, last)
    if (next) {
      event.preventDefault()
      return focusCell(grid, next[0]!, next[1]!)
    }
    if (write(event, chosenAt(event.target))) event.preventDefault()
  }

  function write(event: KeyboardEvent, chosen: Chosen | null): boolean {
    if (event.ctrlKey || event.metaKey) {
      if (event.code !== 'KeyZ' || event.shiftKey) return false
      acts.onUndo()
      return true
    }
    if (!chosen) return false
    if (event.key !== 'F2') return acts.onType(chosen, event.key)
    acts.onDetails(chosen)
    return true
  }

  return {
    onKeyDown,
    onFocus: (event: { target: EventTarget | null }) => {
      const chosen = chosenAt(event.target)
      if (chosen) acts.onChoose(chosen)
    },
    onClick: (event: MouseEvent) => {
      const place = placeOf(event.target)
      if (table.current && place && chosenAt(event.target)) focusCell(table.current, ...place)
    },
    onDoubleClick: (event: MouseEvent) => {
      const chosen = chosenAt(event.target)
      if (chosen) acts.onDetails(chosen)
    },
    onPaste: (event: ClipboardEvent) => {
      const chosen = chosenAt(event.target)
      if (!chosen) return
      event.preventDefault()
      const text = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '')
      acts.onPaste(
        chosen,
        text.split(/\r?\n/).map((line) => line.split('\t')),
      )
    },
    onCopy: (event: ClipboardEvent) => {
      const place = placeOf(event.target)
      if (!place || !table.current || !window.getSelection()?.isCollapsed) return
      event.preventDefault()
      event.clipboardData.setData('text/plain', table.current.rows[place[0]]!.cells[place[1]]!.innerText)
    },
  }
}
