import { Checkbox, Input, Radio, Text, Textarea } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LONGEST_TEXT, type Question } from './polls'
import classes from './Polls.module.css'

interface Props {
  question: Question
  place: number
  of: number
  field: GetInputPropsReturnType
}

/** A question with its answers to choose from, or a field for words. The group takes the focus when it is wrong. */
export function AnswerField({ question, place, of, field }: Props) {
  const { t } = useTranslation('polls')
  const label = `${place}. ${question.text}`
  const common = {
    label,
    withAsterisk: question.required,
    tabIndex: -1,
    className: classes.question,
    ...field,
  }
  if (question.kind === 'text')
    return (
      <div className={classes.question}>
        <Textarea
          label={label}
          description={t('text-hint', { count: LONGEST_TEXT })}
          withAsterisk={question.required}
          maxLength={LONGEST_TEXT}
          {...field}
        />
      </div>
    )
  if (question.kind === 'scale') return <ScaleField question={question} label={label} field={field} />
  const options = question.options.map((option, number) => ({ option, value: String(number) }))
  if (question.kind === 'single')
    return (
      <Radio.Group {...common} aria-description={t('place', { place, of })}>
        <div className={classes.choices}>
          {options.map(({ option, value }) => (
            <Radio key={value} value={value} label={option} className={classes.choice} />
          ))}
        </div>
      </Radio.Group>
    )
  return (
    <Checkbox.Group
      {...common}
      description={question.most ? t('most', { count: question.most }) : t('several')}
      maxSelectedValues={question.most ?? undefined}
    >
      <div className={classes.choices}>
        {options.map(({ option, value }) => (
          <Checkbox key={value} value={value} label={option} className={classes.choice} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

function ScaleField({
  question,
  label,
  field,
}: {
  question: Question
  label: string
  field: GetInputPropsReturnType
}) {
  const id = useId()
  const { low, high, low_name, high_name } = question.scale!
  const places = Array.from({ length: high - low + 1 }, (_, step) => String(low + step))
  const named = (place: string) =>
    place === String(low) ? low_name : place === String(high) ? high_name : ''
  return (
    <div
      role="radiogroup"
      aria-labelledby={id}
      aria-required={question.required}
      aria-invalid={Boolean(field.error)}
      aria-describedby={field.error ? `${id}-error` : undefined}
      tabIndex={-1}
      data-path={`answers.${question.question_id}`}
      className={classes.question}
    >
      <Input.Label component="div" id={id} required={question.required} size="md">
        {label}
      </Input.Label>
      <div className={classes.scale}>
        {places.map((place) => (
          <label key={place} className={classes.place}>
            <input
              type="radio"
              name={id}
              value={place}
              aria-label={[place, named(place)].filter(Boolean).join(', ')}
              checked={field.value === place}
              onChange={() => field.onChange(place)}
            />
            <span aria-hidden>{place}</span>
          </label>
        ))}
      </div>
      <div className={classes.ends} aria-hidden>
        <Text size="sm">{low_name && `${low} — ${low_name}`}</Text>
        <Text size="sm">{high_name && `${high} — ${high_name}`}</Text>
      </div>
      {field.error && (
        <Input.Error id={`${id}-error`} size="md">
          {field.error}
        </Input.Error>
      )}
    </div>
  )
}
