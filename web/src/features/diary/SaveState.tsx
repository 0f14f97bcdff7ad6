import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Form } from '../../ui/Form'
import { type Cell, textOf } from './cells'
import type { Place } from './drafts'
import { short } from './Grid'
import type { Sheet } from './sheet'

/** Whether everything is on the server; and what the teacher has to decide before it can be. */
export function SaveState({ sheet, isAway }: { sheet: Sheet; isAway: boolean }) {
  const { t } = useTranslation('diary')
  const { waiting, refused, conflicts, late } = useSyncExternalStore(sheet.subscribe, sheet.summarised)
  return (
    <>
      {isAway && waiting > 0 ? (
        <Alert color="orange" variant="light" role="alert" title={t('away')}>
          <Text c="dark.9">{t('away-text', { count: waiting })}</Text>
        </Alert>
      ) : (
        <Text size="sm" c="dimmed">
          {t(waiting > 0 ? 'saving' : refused + conflicts > 0 ? 'saved-partly' : 'saved')}
        </Text>
      )}
      {conflicts > 0 && <Conflicts sheet={sheet} places={sheet.places('conflict')} />}
      {refused > 0 && <Refusals sheet={sheet} places={sheet.places('refused')} />}
      {late !== null && <Late key={late} sheet={sheet} lesson_id={late} />}
    </>
  )
}

function useWhere(sheet: Sheet) {
  return ({ lesson_id, pupil_id }: Place) => {
    const pupil = sheet.pupils.find((one) => one.pupil_id === pupil_id)
    const lesson = sheet.lessons.find((one) => one.lesson_id === lesson_id)
    return `${pupil?.last_name ?? ''} ${pupil?.first_name ?? ''}, ${lesson ? short(lesson.date) : ''}`
  }
}

function Conflicts({ sheet, places }: { sheet: Sheet; places: Place[] }) {
  const { t } = useTranslation('diary')
  const where = useWhere(sheet)
  const said = (cell: Cell) =>
    textOf(cell, { credit: t('credit'), noCredit: t('no-credit') }) || t('nothing-there')
  return (
    <Alert color="orange" variant="light" role="alert" title={t('conflict', { count: places.length })}>
      <Stack gap="sm">
        <Text c="dark.9">{t('conflict-text')}</Text>
        {places.map((place) => {
          const { lesson_id, pupil_id, draft } = place
          const settle = (mine: boolean) => sheet.settle(lesson_id, pupil_id, mine)
          return (
            <Group key={lesson_id + pupil_id} gap="xs" role="group" aria-label={where(place)}>
              <Text c="dark.9" miw={180}>
                {where(place)}
              </Text>
              <Button variant="default" onClick={() => settle(true)}>
                {t('conflict-mine', { value: said(draft.cell) })}
              </Button>
              <Button variant="default" onClick={() => settle(false)}>
                {t('conflict-theirs', { value: said(sheet.stored(lesson_id, pupil_id)) })}
              </Button>
            </Group>
          )
        })}
      </Stack>
    </Alert>
  )
}

function Refusals({ sheet, places }: { sheet: Sheet; places: Place[] }) {
  const { t } = useTranslation('diary')
  const where = useWhere(sheet)
  return (
    <Alert color="red" variant="light" role="alert" title={t('refused', { count: places.length })}>
      <Stack gap="xs" align="start">
        {places.slice(0, 5).map((place) => (
          <Text key={place.lesson_id + place.pupil_id} c="dark.9">
            {where(place)}: {place.draft.detail}
          </Text>
        ))}
        <Button variant="default" onClick={() => sheet.giveUp()}>
          {t('refused-back')}
        </Button>
      </Stack>
    </Alert>
  )
}

function Late({ sheet, lesson_id }: { sheet: Sheet; lesson_id: string }) {
  const { t } = useTranslation(['diary', 'ui'])
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() ? null : t('ui:required')) },
  })
  const lesson = sheet.lessons.find((one) => one.lesson_id === lesson_id)
  const done = (reason: string | null) => sheet.explain(lesson_id, reason)
  return (
    <Dialog title={t('late')} opened onClose={() => done(null)}>
      <Form onSubmit={form.onSubmit(({ reason }) => done(reason.trim()))}>
        <Text>{t('late-text', { date: lesson ? short(lesson.date) : '' })}</Text>
        <Textarea label={t('late-reason')} data-autofocus {...form.getInputProps('reason')} />
        <Group>
          <Button type="submit">{t('late-save')}</Button>
          <Button variant="subtle" onClick={() => done(null)}>
            {t('late-drop')}
          </Button>
        </Group>
      </Form>
    </Dialog>
  )
}
