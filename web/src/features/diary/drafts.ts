import { type Cell, EMPTY, type Kept, same } from './cells'
import type { Column } from './journal'
import type { Unsent } from './unsent'

/** What was typed and is not on the server yet. In `reason` it waits for the teacher to say why so late. */
export interface Draft {
  cell: Cell
  version: number
  state: 'waiting' | 'reason' | 'refused' | 'conflict'
  detail?: string
}

export interface Summary {
  waiting: number
  refused: number
  conflicts: number
  late: string | null // a lesson that waits for a reason
}

export interface Place {
  lesson_id: string
  pupil_id: string
  draft: Draft
}

const keyOf = (lesson_id: string, pupil_id: string) => `${lesson_id} ${pupil_id}`
const MOST = 200 // cells of one save

/** What the server has in each cell, and what was typed over it and is still on its way there. */
export abstract class Drafts {
  protected kept = new Map<string, Kept>()
  private drafts = new Map<string, Draft>()
  private reasons = new Map<string, string>()
  private sent = new Set<string>()
  private isLate: (lesson_id: string) => boolean = () => false

  protected abstract tell(pupil_ids: Iterable<string>): void

  protected keep(lesson_id: string, pupil_id: string, cell: Kept) {
    this.kept.set(keyOf(lesson_id, pupil_id), cell)
  }

  /** What the server has in a cell. */
  stored(lesson_id: string, pupil_id: string): Kept {
    return this.kept.get(keyOf(lesson_id, pupil_id)) ?? { ...EMPTY, version: 0 }
  }

  shown(lesson_id: string, pupil_id: string): { cell: Cell; draft: Draft | undefined } {
    const draft = this.drafts.get(keyOf(lesson_id, pupil_id))
    return { cell: draft?.cell ?? this.stored(lesson_id, pupil_id), draft }
  }

  /** What is to stand in a cell from now on, over the version that was seen. */
  protected put(lesson_id: string, pupil_id: string, cell: Cell) {
    const key = keyOf(lesson_id, pupil_id)
    const stored = this.stored(lesson_id, pupil_id)
    const version = this.drafts.get(key)?.version ?? stored.version
    const isThere = same(cell, stored) && version === stored.version && !this.sent.has(key)
    if (isThere) this.drafts.delete(key)
    else this.drafts.set(key, { cell, version, state: this.first(lesson_id) })
  }

  /** `isLate` says whether a lesson is edited so late that a reason has to be given. */
  judge(isLate: (lesson_id: string) => boolean) {
    this.isLate = isLate
  }

  private first(lesson_id: string): Draft['state'] {
    return this.isLate(lesson_id) && !this.reasons.has(lesson_id) ? 'reason' : 'waiting'
  }

  /** Everything that waits in some way, with the pupils that it is of. */
  places(state?: Draft['state']): Place[] {
    const found = state ? [...this.drafts].filter(([, draft]) => draft.state === state) : [...this.drafts]
    return found.map(([key, draft]) => {
      const [lesson_id, pupil_id] = key.split(' ')
      return { lesson_id: lesson_id!, pupil_id: pupil_id!, draft }
    })
  }

  protected dropSaved() {
    for (const { lesson_id, pupil_id, draft } of this.places()) {
      if (same(draft.cell, this.stored(lesson_id, pupil_id))) this.drafts.delete(keyOf(lesson_id, pupil_id))
    }
  }

  /** What a former visit has left. */
  resume(unsent: Unsent[]) {
    for (const { lesson_id, pupil_id, version, cell } of unsent) {
      if (same(cell, this.stored(lesson_id, pupil_id))) continue
      this.drafts.set(keyOf(lesson_id, pupil_id), { cell, version, state: this.first(lesson_id) })
    }
    this.tell(unsent.map((one) => one.pupil_id))
  }

  unsent(): Unsent[] {
    return this.places().map(({ lesson_id, pupil_id, draft: { version, cell } }) => ({
      lesson_id,
      pupil_id,
      version,
      cell,
    }))
  }

  /** The next cells to be sent: those of one lesson. */
  nextColumn(): Column | null {
    const waiting = this.places('waiting')
    const lesson_id = waiting[0]?.lesson_id
    if (lesson_id === undefined) return null
    const chosen = waiting.filter((one) => one.lesson_id === lesson_id).slice(0, MOST)
    for (const { pupil_id } of chosen) this.sent.add(keyOf(lesson_id, pupil_id))
    const entries = chosen.map(({ pupil_id, draft }) => ({
      ...draft.cell,
      pupil_id,
      version: draft.version,
    }))
    return { lesson_id, entries, reason: this.reasons.get(lesson_id) ?? null }
  }

  /** The column has come back, with whatever answer. */
  returned({ lesson_id, entries }: Column) {
    for (const { pupil_id } of entries) this.sent.delete(keyOf(lesson_id, pupil_id))
  }

  /** A column is on the server. What was typed over it meanwhile waits on, over the new version. */
  saved({ lesson_id, entries }: Column, versions: Map<string, number>) {
    for (const { pupil_id, version, ...cell } of entries) {
      const key = keyOf(lesson_id, pupil_id)
      const now = versions.get(pupil_id) ?? version
      this.kept.set(key, { ...cell, version: now })
      const draft = this.drafts.get(key)
      if (draft && same(draft.cell, cell)) this.drafts.delete(key)
      else if (draft) this.drafts.set(key, { ...draft, version: now })
    }
    this.tell(entries.map((one) => one.pupil_id))
  }

  /** Cells that the server does not take, with its words; or all of a lesson, until it is said why so late. */
  refused(lesson_id: string, pupil_ids: string[], state: 'refused' | 'reason', detail?: string) {
    if (state === 'reason') this.reasons.delete(lesson_id)
    this.change(lesson_id, pupil_ids, (draft) => ({ ...draft, state, detail }))
  }

  /** Cells that somebody else has changed since they were seen. */
  conflicted(lesson_id: string, theirs: Map<string, Kept>) {
    for (const [pupil_id, current] of theirs) this.keep(lesson_id, pupil_id, current)
    this.change(lesson_id, [...theirs.keys()], (draft) => ({ ...draft, state: 'conflict' }))
  }

  /** Of a conflict: what was typed goes over the other's value, or is given up. */
  settle(lesson_id: string, pupil_id: string, mine: boolean) {
    const { version } = this.stored(lesson_id, pupil_id)
    this.change(lesson_id, [pupil_id], ({ cell }) => (mine ? { cell, version, state: 'waiting' } : null))
  }

  /** Why a lesson is edited so late; null gives up what was typed there. */
  explain(lesson_id: string, reason: string | null) {
    if (reason !== null) this.reasons.set(lesson_id, reason)
    const late = this.places('reason').filter((one) => one.lesson_id === lesson_id)
    const pupil_ids = late.map((one) => one.pupil_id)
    this.change(lesson_id, pupil_ids, (draft) => (reason === null ? null : { ...draft, state: 'waiting' }))
  }

  /** What was refused is as the server has it again. */
  giveUp() {
    for (const { lesson_id, pupil_id } of this.places('refused')) {
      this.change(lesson_id, [pupil_id], () => null)
    }
  }

  private change(lesson_id: string, pupil_ids: string[], to: (draft: Draft) => Draft | null) {
    for (const pupil_id of pupil_ids) {
      const key = keyOf(lesson_id, pupil_id)
      const draft = this.drafts.get(key)
      const next = draft && to(draft)
      if (next) this.drafts.set(key, next)
      else this.drafts.delete(key)
    }
    this.tell(pupil_ids)
  }

  protected summed(): Summary {
    const states = [...this.drafts.values()].map(({ state }) => state)
    const count = (wanted: Draft['state']) => states.filter((state) => state === wanted).length
    return {
      waiting: count('waiting'),
      refused: count('refused'),
      conflicts: count('conflict'),
      late: this.places('reason')[0]?.lesson_id ?? null,
    }
  }
}
