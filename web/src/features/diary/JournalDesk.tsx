import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useCallback, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { openSheet } from '../../api/openSheet'
import { Trouble } from '../../ui/Trouble'
import { pressed } from './cells'
import { Grid } from './Grid'
import classes from './Grid.module.css'
import { type Journal, type Of, sheetPath } from './journal'
import { CellDialog } from './CellDialog'
import { LessonDialog } from './LessonDialog'
import { Pad } from './Pad'
import { SaveState } from './SaveState'
import type { Chosen, Sheet } from './sheet'
import type { May } from './may'
import { focusCell } from './useGridKeys'
import { useSheet } from './useSheet'

interface Props {
  of: Of
  label: string
  journal: Journal
  may: May
  terms: ReactNode
}

/** The journal that is open: what can be done with it, whether it is saved, the grid, the pad. */
export function JournalDesk({ of, label, journal, may, terms }: Props) {
  const { t } = useTranslation('diary')
  const { sheet, isAway } = useSheet(of, journal, may)
  const columns = useSyncExternalStore(sheet.subscribe, () => sheet.lessons)
  const pupils = useSyncExternalStore(sheet.subscribe, () => sheet.pupils)
  const [lesson, setLesson] = useState<string | null>(null)
  const [details, setDetails] = useState<Chosen | null>(null)
  const [said, setSaid] = useState('')
  const frame = useRef<HTMLDivElement>(null)
  const print = useMutation({ mutationFn: () => openSheet(sheetPath(of)) })
  const acts = useActs(sheet, may, setSaid)
  const isOpen = useCallback((date: string) => may.whyNot(date) === null, [may])
  const onChoose = useCallback((chosen: Chosen) => sheet.choose(chosen), [sheet])
  const onDown = ({ pupil, lesson: column }: Chosen) =>
    focusCell(frame.current!.querySelector('table')!, pupil + 2, column + 1)
  return (
    <>
      <Group gap="sm" className={classes.bar}>
        {terms}
        {may.teaches && !journal.term.closed && (
          <Button onClick={() => setLesson('new')}>{t('lesson-add')}</Button>
        )}
        <Button
          component={Link}
          to={`/diary/${of.class}/${of.subject}/finals?term=${of.term}` as never}
          variant="default"
        >
          {t('finals')}
        </Button>
        <Button variant="default" loading={print.isPending} onClick={() => print.mutate()}>
          {t('print')}
        </Button>
      </Group>
      {print.isError && <Trouble error={print.error} />}
      <SaveState sheet={sheet} isAway={isAway} />
      <Text role="status" size="sm" c="orange.9" mih="1.5em" my="calc(-1 * var(--mantine-spacing-sm))">
        {said}
      </Text>
      <Empty journal={journal} teaches={may.teaches} />
      {pupils.length > 0 && (
        <div ref={frame}>
          <Grid
            sheet={sheet}
            label={t('journal-of', { name: label })}
            pupils={pupils}
            columns={columns}
            isOpen={isOpen}
            onChoose={onChoose}
            onDetails={setDetails}
            onLesson={setLesson}
            {...acts}
          />
        </div>
      )}
      <Pad sheet={sheet} onType={acts.onType} onDetails={setDetails} onDown={onDown} />
      <Text size="sm" c="dimmed" id="journal-keys" className={classes.keys}>
        {t('keys')}
      </Text>
      <LessonDialog of={of} sheet={sheet} lesson={lesson} may={may} close={() => setLesson(null)} />
      <CellDialog sheet={sheet} chosen={details} may={may} close={() => setDetails(null)} />
    </>
  )
}

function Empty({ journal, teaches }: { journal: Journal; teaches: boolean }) {
  const { t } = useTranslation('diary')
  if (journal.pupils.length === 0) return <Text c="dimmed">{t('journal-no-pupils')}</Text>
  if (journal.lessons.length === 0) {
    return <Text c="dimmed">{t(teaches ? 'journal-no-lessons' : 'journal-no-lessons-yet')}</Text>
  }
  return null
}

/** Typing, pasting, taking back; what may not be changed says why. */
function useActs(sheet: Sheet, may: May, say: (text: string) => void) {
  const { t } = useTranslation('diary')
  const onType = useCallback(
    (chosen: Chosen, key: string): boolean => {
      const [lesson, pupil] = [sheet.lessons[chosen.lesson], sheet.pupils[chosen.pupil]]
      if (!lesson || !pupil) return false
      const { cell } = sheet.shown(lesson.lesson_id, pupil.pupil_id)
      const weighed = cell.mark === null ? { ...cell, weight: sheet.weightOf(lesson.lesson_id) } : cell
      const next = pressed(key, weighed)
      if (!next) {
        if (/^[016-9]$/.test(key)) say(t('no-such-mark'))
        return false
      }
      const why = may.whyNot(lesson.date)
      say(why ? t(`why-not.${why}`) : '')
      if (!why) sheet.edit([[lesson.lesson_id, pupil.pupil_id, next]])
      return true
    },
    [sheet, may, say, t],
  )
  const onPaste = useCallback(
    ({ pupil, lesson }: Chosen, texts: string[][]) => {
      const unread = sheet.paste(texts, [pupil, lesson], ({ date }) => may.whyNot(date) === null)
      say(
        unread.length ? t('unread-cells', { count: unread.length, text: unread.slice(0, 3).join(', ') }) : '',
      )
    },
    [sheet, may, say, t],
  )
  const onUndo = useCallback(() => say(sheet.undo() ? '' : t('nothing-to-undo')), [sheet, say, t])
  return { onType, onPaste, onUndo }
}
