import { Group, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'

export interface Times {
  day: string
  starts: string
  ends: string
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const clock = (at: number) =>
  `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`

/** A day, a beginning and an end in Moscow; a lesson that begins otherwise stays as long as it was. */
export function TimeFields<Values extends Times>({
  form,
  disabled = false,
}: {
  form: UseFormReturnType<Values>
  disabled?: boolean
}) {
  const { t } = useTranslation('lessons')
  const of = (name: keyof Times) => ({
    type: name === 'day' ? 'date' : 'time',
    label: t(`form.${name}`),
    withAsterisk: true,
    disabled,
    style: { flex: '1 1 0' },
    ...form.getInputProps(name as never),
  })
  const begin = (time: string) => {
    const { starts, ends } = form.getValues()
    const end = minutes(time) + minutes(ends) - minutes(starts)
    form.setFieldValue('starts' as never, time as never)
    if (end > minutes(time) && end < 24 * 60) form.setFieldValue('ends' as never, clock(end) as never)
  }
  return (
    <Group align="start" gap="sm">
      <TextInput {...of('day')} style={{ flex: '1 1 170px' }} />
      <Group align="start" gap="sm" wrap="nowrap" flex="1 1 260px">
        <TextInput {...of('starts')} onChange={(event) => begin(event.currentTarget.value)} />
        <TextInput {...of('ends')} />
      </Group>
    </Group>
  )
}
