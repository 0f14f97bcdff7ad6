import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from './Form'
import { Dialog } from './Dialog'
import { Trouble } from './Trouble'
import { useSubmit } from './useSubmit'

export interface Field {
  name: string
  label: string
  hint?: string
  kind?: 'line' | 'text' | 'moment'
  options?: { value: string; label: string }[]
  optional?: boolean
  value?: string
}

export interface Act {
  title: string
  text?: string
  fields: Field[]
  confirm: string
  /** It ends or takes away something. */
  grave?: boolean
  /** The answer may be of a deed that waits for a second person. */
  send: (values: Record<string, string>, key: string) => Promise<unknown>
}

interface Props {
  act: Act | null
  onClose: () => void
  onDone: () => void
}

const isWaiting = (answer: unknown) =>
  typeof answer === 'object' && answer !== null && 'state' in answer && answer.state === 'awaiting-second'

/** Asks for what an act needs, does it, and says so when it waits for a second person. */
export function ActDialog({ act, onClose, onDone }: Props) {
  // The last act stays while the dialog fades out
  const [shown, setShown] = useState(act)
  if (act && act !== shown) setShown(act)
  return (
    <Dialog title={shown?.title ?? ''} opened={act !== null} onClose={onClose}>
      {shown && <Ask key={shown.title} act={shown} onClose={onClose} onDone={onDone} />}
    </Dialog>
  )
}

function Ask({ act, onClose, onDone }: Props & { act: Act }) {
  const { t } = useTranslation('ui')
  const [waits, setWaits] = useState(false)
  const form = useForm({
    initialValues: Object.fromEntries(act.fields.map(({ name, value }) => [name, value ?? ''])),
    validate: Object.fromEntries(
      act.fields.map(({ name, optional }) => [
        name,
        (value: string) => (optional || value?.trim() ? null : t('required')),
      ]),
    ),
  })
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const answer = await act.send(values, key)
    onDone()
    if (isWaiting(answer)) setWaits(true)
    else onClose()
  })
  if (waits) {
    return (
      <Stack role="status">
        <Text fw={600}>{t('second-needed')}</Text>
        <Text>{t('second-needed-text')}</Text>
        <Button w="fit-content" data-autofocus onClick={onClose}>
          {t('understood')}
        </Button>
      </Stack>
    )
  }
  return (
    <Form onSubmit={submit}>
      {act.text && <Text>{act.text}</Text>}
      {act.fields.map((field) => (
        <One key={field.name} field={field} props={form.getInputProps(field.name)} />
      ))}
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy} color={act.grave ? 'red.9' : undefined}>
          {act.confirm}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('cancel')}
        </Button>
      </Group>
    </Form>
  )
}

function One({ field, props }: { field: Field; props: object }) {
  const said = { label: field.label, description: field.hint, ...props }
  if (field.options) {
    return <Select data={field.options} allowDeselect={false} comboboxProps={{ zIndex: 400 }} {...said} />
  }
  if (field.kind === 'moment') return <TextInput type="datetime-local" {...said} />
  return field.kind === 'line' ? <TextInput {...said} /> : <Textarea {...said} />
}
