import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  NumberInput,
  Select,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { type PollValues, question } from './draft'
import { KINDS } from './polls'
import classes from './Polls.module.css'

interface Props {
  form: UseFormReturnType<PollValues>
}

/** The questions in their order, each with what its kind needs. */
export function Questions({ form }: Props) {
  const { t } = useTranslation('polls')
  const { questions } = form.values
  return (
    <>
      {questions.map(({ key }, place) => (
        <One key={key} form={form} place={place} last={questions.length - 1} />
      ))}
      <Button
        variant="default"
        w="fit-content"
        disabled={questions.length >= 30}
        onClick={() => form.insertListItem('questions', question())}
      >
        {t('add-question')}
      </Button>
    </>
  )
}

function One({ form, place, last }: Props & { place: number; last: number }) {
  const { t } = useTranslation('polls')
  const at = (field: string) => form.getInputProps(`questions.${place}.${field}`)
  const { kind } = form.values.questions[place]!
  const move = (to: number) => form.reorderListItem('questions', { from: place, to })
  const number = { number: place + 1 }
  return (
    <Fieldset legend={t('question', number)} className={classes.question}>
      <Stack>
        <TextInput label={t('question-text')} withAsterisk {...at('text')} />
        <Select
          label={t('kind.label')}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          allowDeselect={false}
          {...at('kind')}
        />
        {(kind === 'single' || kind === 'multiple') && (
          <Textarea label={t('options')} description={t('options-hint')} withAsterisk {...at('options')} />
        )}
        {kind === 'multiple' && (
          <NumberInput
            size="md"
            label={t('most-label')}
            description={t('most-hint')}
            min={1}
            max={30}
            hideControls
            {...at('most')}
          />
        )}
        {kind === 'scale' && <Scale at={at} />}
        <Checkbox
          label={t('required')}
          {...form.getInputProps(`questions.${place}.required`, { type: 'checkbox' })}
        />
        <Group gap="xs">
          {place > 0 && (
            <Button variant="subtle" onClick={() => move(place - 1)} aria-label={t('move-up', number)}>
              {t('up')}
            </Button>
          )}
          {place < last && (
            <Button variant="subtle" onClick={() => move(place + 1)} aria-label={t('move-down', number)}>
              {t('down')}
            </Button>
          )}
          {last > 0 && (
            <Button
              variant="subtle"
              color="red"
              aria-label={t('drop-question', number)}
              onClick={() => form.removeListItem('questions', place)}
            >
              {t('drop')}
            </Button>
          )}
        </Group>
      </Stack>
    </Fieldset>
  )
}

function Scale({ at }: { at: (field: string) => object }) {
  const { t } = useTranslation('polls')
  return (
    <>
      <Group grow align="start">
        <NumberInput size="md" label={t('low')} min={0} max={1} hideControls {...at('scale.low')} />
        <NumberInput size="md" label={t('high')} min={2} max={10} hideControls {...at('scale.high')} />
      </Group>
      <TextInput label={t('low-name')} placeholder={t('low-example')} {...at('scale.low_name')} />
      <TextInput label={t('high-name')} placeholder={t('high-example')} {...at('scale.high_name')} />
    </>
  )
}
