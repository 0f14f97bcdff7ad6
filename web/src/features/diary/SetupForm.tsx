import { Button, Checkbox, Group, NumberInput, Select, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import type { Choice } from './setup'

export type Values = Record<string, string | boolean>

/** A field of a setup form. What is `again` stays filled when one more row is added. */
export interface Field {
  name: string
  label: string
  hint?: string
  kind?: 'text' | 'long' | 'date' | 'number' | 'flag'
  choices?: Choice[]
  initial?: string | boolean
  isOptional?: boolean
  again?: boolean
}

interface Props {
  fields: Field[]
  /** Of a row that is changed; null for one that is added. */
  known: Values | null
  send: (body: object, key: string) => Promise<void>
  close: () => void
}

/** A row as a form holds it. */
export const asValues = (row: object): Values =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? value : value === null ? '' : String(value),
    ]),
  )

const emptyOf = ({ initial, kind }: Field) => initial ?? (kind === 'flag' ? false : '')

/** As the server takes it: numbers are numbers, nothing is null. */
const sentAs = (field: Field, value: string | boolean) =>
  field.kind === 'number'
    ? Number(value)
    : value === ''
      ? null
      : typeof value === 'string'
        ? value.trim()
        : value

/** Adds one row after the other, or changes one. */
export function SetupForm({ fields, known, send, close }: Props) {
  const { t } = useTranslation(['diary', 'ui'])
  const [added, setAdded] = useState(0)
  const initialValues: Values = known ?? Object.fromEntries(fields.map((one) => [one.name, emptyOf(one)]))
  const form = useForm<Values>({
    initialValues,
    validate: Object.fromEntries(
      fields
        .filter((one) => !one.isOptional && one.kind !== 'flag')
        .map((one) => [one.name, (value: string | boolean) => (value === '' ? t('ui:required') : null)]),
    ),
  })
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const body = Object.fromEntries(fields.map((one) => [one.name, sentAs(one, values[one.name]!)]))
    await send(body, key)
    if (known) return close()
    setAdded((before) => before + 1)
    for (const one of fields) if (!one.again) form.setFieldValue(one.name, emptyOf(one))
    const next = fields.find((one) => !one.again)?.name
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-path="${next}"]`)?.focus())
  })
  return (
    <Form onSubmit={submit}>
      {fields.map((field, place) => (
        <Input key={field.name} field={field} isFirst={place === 0} of={form.getInputProps(field.name)} />
      ))}
      {error !== null && <Trouble error={error} />}
      {added > 0 && <Text role="status">{t('added', { count: added })}</Text>}
      <Group>
        <Button type="submit" loading={busy}>
          {t(known ? 'save' : added ? 'add-more' : 'add-it')}
        </Button>
        <Button variant="subtle" onClick={close}>
          {t(added ? 'ready' : 'ui:cancel')}
        </Button>
      </Group>
    </Form>
  )
}

type InputProps = ReturnType<ReturnType<typeof useForm<Values>>['getInputProps']>

function Input({ field, isFirst, of }: { field: Field; isFirst: boolean; of: InputProps }) {
  const shared = {
    label: field.label,
    description: field.hint,
    'data-autofocus': isFirst || undefined,
    ...of,
  }
  if (field.choices) {
    return (
      <Select
        {...shared}
        data={field.choices}
        searchable
        clearable={field.isOptional}
        value={of.value as string}
      />
    )
  }
  if (field.kind === 'flag') return <Checkbox {...shared} checked={of.value as boolean} value={undefined} />
  if (field.kind === 'number') {
    return <NumberInput {...shared} size="md" hideControls onChange={(value) => of.onChange(String(value))} />
  }
  if (field.kind === 'long') return <Textarea {...shared} />
  return <TextInput {...shared} type={field.kind === 'date' ? 'date' : 'text'} />
}
