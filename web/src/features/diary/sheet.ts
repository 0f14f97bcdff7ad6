import { average, type Cell, parsed, same } from './cells'
import { Drafts, type Summary } from './drafts'
import { type Journal, type SheetLesson, type SheetPupil, whole } from './journal'

export type Column = Omit<SheetLesson, 'cells'>

/** A cell of marks: the place of the pupil and of the lesson in their lists. */
export interface Chosen {
  pupil: number
  lesson: number
}

interface Row {
  count: number
  listeners: Set<() => void>
  subscribe: (listen: () => void) => () => void
  revision: () => number
}

type Edit = [lesson_id: string, pupil_id: string, cell: Cell]

/** The cells of a journal outside of React, so that a key renders one row and no more; acts can be taken back. */
export class Sheet extends Drafts {
  private past: Edit[][] = []
  private weights = new Map<string, number>()
  private touched = new Set<string>()
  pupils: SheetPupil[] = []
  /** Stays the same array as long as the lessons say the same, whatever their cells do. */
  lessons: Column[] = []
  private rows = new Map<string, Row>()
  private chosen: Chosen | null = null
  private choosing = new Set<() => void>()
  private listeners = new Set<() => void>()
  private summary: Summary = { waiting: 0, refused: 0, conflicts: 0, late: null }

  /** What the server has now; what was typed stays, over the version that was seen. Only rows that differ are told. */
  load(journal: Pick<Journal, 'pupils' | 'lessons'>) {
    const lessons = journal.lessons.map(({ lesson_id, date, number, topic, version }) => ({
      lesson_id,
      date,
      number,
      topic,
      version,
    }))
    if (JSON.stringify(lessons) !== JSON.stringify(this.lessons)) this.lessons = lessons
    const before = new Map(this.pupils.map((pupil) => [pupil.pupil_id, this.looksLike(pupil)]))
    this.pupils = journal.pupils
    this.kept.clear()
    for (const { lesson_id, cells } of journal.lessons) {
      for (const pupil_id in cells) this.keep(lesson_id, pupil_id, whole(cells[pupil_id]!))
    }
    this.dropSaved()
    this.touched = new Set(this.places().map((one) => one.pupil_id))
    const changed = this.pupils.filter((pupil) => before.get(pupil.pupil_id) !== this.looksLike(pupil))
    this.tell(changed.map((pupil) => pupil.pupil_id))
  }

  private looksLike(pupil: SheetPupil): string {
    const cells = this.lessons.map(({ lesson_id }) => this.shown(lesson_id, pupil.pupil_id))
    return JSON.stringify([pupil.final, this.averageOf(pupil), cells])
  }

  /** One act of typing or pasting, which is taken back as one. */
  edit(edits: Edit[], remember = true) {
    const changed = edits.filter(([lesson_id, pupil_id, cell]) => {
      const { cell: old, draft } = this.shown(lesson_id, pupil_id)
      return !same(cell, old) || draft?.state === 'refused'
    })
    if (changed.length === 0) return
    const before = changed.map(([lesson_id, pupil_id]): Edit => [
      lesson_id,
      pupil_id,
      this.shown(lesson_id, pupil_id).cell,
    ])
    if (remember) this.past.push(before)
    for (const [lesson_id, pupil_id, cell] of changed) {
      this.touched.add(pupil_id)
      this.put(lesson_id, pupil_id, cell)
    }
    this.tell(changed.map(([, pupil_id]) => pupil_id))
  }

  /** Takes the last act back; false when there is none. */
  undo(): boolean {
    const last = this.past.pop()
    if (last) this.edit(last, false)
    return last !== undefined
  }

  /** A block of texts from a cell on; returns those that mean nothing, or stand where nothing may be changed. */
  paste(texts: string[][], [row, column]: [number, number], mayEdit: (lesson: Column) => boolean) {
    const edits: Edit[] = []
    const unread: string[] = []
    for (const [down, line] of texts.entries()) {
      for (const [right, text] of line.entries()) {
        const [pupil, lesson] = [this.pupils[row + down], this.lessons[column + right]]
        const cell = pupil && lesson && mayEdit(lesson) ? this.read(text, lesson, pupil) : null
        if (cell) edits.push([lesson!.lesson_id, pupil!.pupil_id, cell])
        else if (text.trim()) unread.push(text.trim())
      }
    }
    this.edit(edits)
    return unread
  }

  private read(text: string, { lesson_id }: Column, { pupil_id }: SheetPupil): Cell | null {
    const { cell: old } = this.shown(lesson_id, pupil_id)
    const cell = parsed(text, old.mark === null ? this.weightOf(lesson_id) : old.weight)
    return cell && { ...cell, comment: old.comment }
  }

  /** What a new mark of this lesson weighs: as was chosen, or as the marks that are there. */
  weightOf(lesson_id: string): number {
    const chosen = this.weights.get(lesson_id)
    if (chosen !== undefined) return chosen
    const cells = this.pupils.map(({ pupil_id }) => this.shown(lesson_id, pupil_id).cell)
    return Math.max(1, ...cells.map(({ mark, weight }) => (mark === null ? 1 : weight)))
  }

  /** All marks of a lesson weigh so much, those that are there too. */
  weigh(lesson_id: string, weight: number) {
    this.weights.set(lesson_id, weight)
    const cells = this.pupils.map(({ pupil_id }): Edit => [
      lesson_id,
      pupil_id,
      { ...this.shown(lesson_id, pupil_id).cell, weight },
    ])
    this.edit(cells.filter(([, , cell]) => cell.mark !== null))
  }

  /** As the server has counted, until something was typed: then from the cells shown here. */
  averageOf({ pupil_id, average: counted }: SheetPupil): number | null {
    if (!this.touched.has(pupil_id)) return counted
    return average(this.lessons.map(({ lesson_id }) => this.shown(lesson_id, pupil_id).cell))
  }

  protected tell(pupil_ids: Iterable<string>) {
    const summary = this.summed()
    if (JSON.stringify(summary) !== JSON.stringify(this.summary)) this.summary = summary
    for (const pupil_id of new Set(pupil_ids)) {
      const row = this.row(pupil_id)
      row.count += 1
      for (const listen of row.listeners) listen()
    }
    for (const listen of this.listeners) listen()
  }

  /** A pupil's row for useSyncExternalStore: how often it has changed. */
  row(pupil_id: string) {
    const known = this.rows.get(pupil_id)
    if (known) return known
    const listeners = new Set<() => void>()
    const subscribe = (listen: () => void) => {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    }
    const row = { count: 0, listeners, subscribe, revision: () => row.count }
    this.rows.set(pupil_id, row)
    return row
  }

  subscribe = (listen: () => void) => {
    this.listeners.add(listen)
    return () => void this.listeners.delete(listen)
  }
  summarised = () => this.summary

  /** The cell that the focus was in last. */
  choose(chosen: Chosen) {
    this.chosen = chosen
    for (const listen of this.choosing) listen()
  }
  onChoose = (listen: () => void) => {
    this.choosing.add(listen)
    return () => void this.choosing.delete(listen)
  }
  lastChosen = () => this.chosen
}
