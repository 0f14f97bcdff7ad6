import { memo, type ReactNode, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from '@tanstack/react-router'
import { textOf } from './cells'
import type { Draft } from './drafts'
import classes from './Grid.module.css'
import type { SheetPupil } from './journal'
import type { Chosen, Column, Sheet } from './sheet'
import { focusCell, useGridKeys } from './useGridKeys'

interface Props {
  sheet: Sheet
  label: string
  pupils: SheetPupil[]
  columns: Column[]
  /** Days whose marks may not be changed look so. */
  isOpen: (date: string) => boolean
  onChoose: (chosen: Chosen) => void
  onType: (chosen: Chosen, key: string) => boolean
  onPaste: (chosen: Chosen, texts: string[][]) => void
  onUndo: () => void
  onDetails: (chosen: Chosen) => void
  onLesson: (lesson_id: string) => void
}

/** The journal: names and dates stay in sight, one tab stop leads in, keys move about and write. */
export const Grid = memo(function Grid(props: Props) {
  const { sheet, label, pupils, columns, isOpen, onLesson } = props
  const { t } = useTranslation('diary')
  const table = useRef<HTMLTableElement>(null)
  const keys = useGridKeys(table, props)
  // Asked once for all rows: a key renders a row, and what may be changed depends on the day alone
  const closed = useMemo(
    () => new Set(columns.filter(({ date }) => !isOpen(date)).map(({ lesson_id }) => lesson_id)),
    [columns, isOpen],
  )
  useEffect(() => {
    const grid = table.current
    if (grid && !grid.querySelector('[tabindex="0"]')) {
      focusCell(grid, 1, grid.rows[0]!.cells.length - 3, { quietly: true })
    }
  }, [columns, pupils.length])
  return (
    <div className={classes.frame}>
      <table
        ref={table}
        role="grid"
        className={classes.grid}
        aria-label={label}
        aria-rowcount={pupils.length + 1}
        aria-colcount={columns.length + 3}
        aria-describedby="journal-keys"
        {...keys}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" tabIndex={-1} className={classes.corner}>
              {t('pupil')}
            </th>
            {columns.map(({ lesson_id, date, number, topic }, place) => (
              <th key={lesson_id} scope="col" aria-colindex={place + 2} className={classes.date}>
                <button
                  type="button"
                  tabIndex={-1}
                  aria-label={t('lesson-of', { date: short(date), number, topic: topic ?? t('no-topic') })}
                  title={topic ?? undefined}
                  data-untold={topic === null || undefined}
                  onClick={() => onLesson(lesson_id)}
                >
                  {short(date)}
                </button>
              </th>
            ))}
            <th scope="col" tabIndex={-1} className={classes.average}>
              {t('average')}
            </th>
            <th scope="col" tabIndex={-1} className={classes.final}>
              {t('final')}
            </th>
          </tr>
        </thead>
        <tbody>
          {pupils.map((pupil, place) => (
            <Row
              key={pupil.pupil_id}
              sheet={sheet}
              pupil={pupil}
              place={place}
              columns={columns}
              closed={closed}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
})

/** `24.11` */
export const short = (date: string) => `${date.slice(8)}.${date.slice(5, 7)}`

interface RowProps {
  sheet: Sheet
  pupil: SheetPupil
  place: number
  columns: Column[]
  /** Lessons whose marks may not be changed. */
  closed: ReadonlySet<string>
}

const Row = memo(function Row({ sheet, pupil, place, columns, closed }: RowProps) {
  const { t, i18n } = useTranslation('diary')
  const row = sheet.row(pupil.pupil_id)
  useSyncExternalStore(row.subscribe, row.revision)
  const signs = { credit: t('credit'), noCredit: t('no-credit') }
  const average = sheet.averageOf(pupil)
  const { final } = pupil
  const isHere = (date: string) => pupil.since <= date && (pupil.until === null || date <= pupil.until)
  return (
    <tr aria-rowindex={place + 2}>
      <th scope="row" className={classes.name}>
        <Link
          to={'/diary/pupils/$pupil' as never}
          params={{ pupil: pupil.pupil_id } as never}
          tabIndex={-1}
          preload={false}
        >
          {pupil.last_name} {pupil.first_name}
        </Link>
      </th>
      {columns.map(({ lesson_id, date }) => {
        const { cell, draft } = sheet.shown(lesson_id, pupil.pupil_id)
        return (
          <Cell
            key={lesson_id}
            text={textOf(cell, signs)}
            isClosed={closed.has(lesson_id) || !isHere(date)}
            state={draft?.state}
            weight={cell.mark !== null && cell.weight > 1 ? cell.weight : undefined}
            isSaid={cell.comment !== null}
          />
        )
      })}
      <Sum className={classes.average!}>
        {average === null ? '' : average.toLocaleString(i18n.language, { minimumFractionDigits: 2 })}
      </Sum>
      <Sum className={classes.final!}>
        {final ? textOf({ ...final, absence: null, weight: 1, comment: null }, signs) : ''}
      </Sum>
    </tr>
  )
})

interface CellProps {
  text: string
  isClosed: boolean
  state: Draft['state'] | undefined
  weight: number | undefined
  isSaid: boolean
}

/** Of a row that is rendered anew only the cells that differ are. */
const Cell = memo(function Cell({ text, isClosed, state, weight, isSaid }: CellProps) {
  return (
    <td
      tabIndex={-1}
      className={classes.cell}
      aria-readonly={isClosed || undefined}
      aria-invalid={(state !== undefined && state !== 'waiting') || undefined}
      data-state={state}
      data-weight={weight}
      data-said={isSaid || undefined}
    >
      {text}
    </td>
  )
})

const Sum = ({ className, children }: { className: string; children: ReactNode }) => (
  <td tabIndex={-1} className={className} aria-readonly>
    {children}
  </td>
)
