import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { moscowInput } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { change, type Lesson } from './lessons'
import { TimeFields } from './TimeFields'
import { useLessonAct } from './useLesson'
import { dayOf, inMoscow } from './when'

/** Title and link, and until a lesson begins its time. */
export function ChangeLesson({ lesson, done }: { lesson: Lesson; done: () => void }) {
  const { t } = useTranslation(['lessons', 'ui'])
  const isPlanned = lesson.state === 'planned'
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const before = {
    day: dayOf(new Date(lesson.starts)),
    starts: moscowInput(lesson.starts).slice(11),
    ends: moscowInput(lesson.ends).slice(11),
  }
  const form = useForm({
    initialValues: { title: lesson.title, link: lesson.link ?? '', ...before },
    validate: { title: filled, day: filled, starts: filled, ends: filled },
  })
  const act = useLessonAct((values: Parameters<typeof change>[1]) => change(lesson, values), done)
  const { submit, busy, error } = useSubmit(form, async ({ title, link, day, starts, ends }) => {
    const isMoved = day !== before.day || starts !== before.starts || ends !== before.ends
    const times = isMoved ? { starts: inMoscow(day, starts), ends: inMoscow(day, ends) } : {}
    await act.mutateAsync({ title, link: link.trim() || null, ...times })
  })
  return (
    <Form onSubmit={submit}>
      <TextInput label={t('form.title')} withAsterisk maxLength={300} {...form.getInputProps('title')} />
      {isPlanned && <TimeFields form={form} />}
      <TextInput
        label={t('form.link')}
        description={t('form.link-hint')}
        type="url"
        inputMode="url"
        autoComplete="off"
        {...form.getInputProps('link')}
      />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('save')}
      </Button>
    </Form>
  )
}
