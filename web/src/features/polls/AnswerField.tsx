import { Checkbox, Input, Radio, Text, Textarea } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LONGEST_TEXT, type Question } from './polls'
import classes from './Polls.module.css'

interface Props {
  question: Question
  place: number
  field: GetInputPropsReturnType
}

interface FieldProps extends Omit<Props, 'place'> {
  label: string
}

/** A question with its answers to choose from, or a field for words. */
export function AnswerField({ question, place, field }: Props) {
  const label = `${place}. ${question.text}`
  const Field = { single: Single, multiple: Multiple, scale: Scale, text: Words }[question.kind]
  return <Field question={question} label={label} field={field} />
}

function Words({ question, label, field }: FieldProps) {
  const { t } = useTranslation('polls')
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
}

interface GroupProps extends FieldProps {
  role: 'radiogroup' | 'group'
  id: string
  hint?: string
  children: ReactNode
}

/** It takes the focus itself when nothing is chosen, so that the question is read out with what is wrong. */
function Group({ question, label, field, role, id, hint, children }: GroupProps) {
  const told = [hint && `${id}-hint`, field.error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div
      role={role}
      aria-labelledby={id}
      aria-describedby={told || undefined}
      aria-required={role === 'radiogroup' ? question.required : undefined}
      tabIndex={-1}
      data-path={`answers.${question.question_id}`}
      className={classes.question}
    >
      <Input.Label component="div" id={id} required={question.required} size="md">
        {label}
      </Input.Label>
      {hint && (
        <Input.Description id={`${id}-hint`} size="md">
          {hint}
        </Input.Description>
      )}
      {children}
      {field.error && (
        <Input.Error id={`${id}-error`} size="md" mt="xs">
          {field.error}
        </Input.Error>
      )}
    </div>
  )
}

function Single(props: FieldProps) {
  const { question, field } = props
  const id = useId()
  return (
    <Group {...props} role="radiogroup" id={id}>
      <div className={classes.choices}>
        {question.options.map((option, number) => (
          <Radio
            key={number}
            name={id}
            label={option}
            className={classes.choice}
            checked={field.value === String(number)}
            onChange={() => field.onChange(String(number))}
          />
        ))}
      </div>
    </Group>
  )
}

function Multiple(props: FieldProps) {
  const { t } = useTranslation('polls')
  const { question, field } = props
  const chosen = field.value as string[]
  const isFull = question.most !== null && chosen.length >= question.most
  const toggle = (value: string, on: boolean) =>
    field.onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value))
  const hint = question.most ? t('most', { count: question.most }) : t('several')
  return (
    <Group {...props} role="group" id={useId()} hint={hint}>
      <div className={classes.choices}>
        {question.options.map((option, number) => {
          const isChosen = chosen.includes(String(number))
          return (
            <Checkbox
              key={number}
              label={option}
              className={classes.choice}
              checked={isChosen}
              disabled={isFull && !isChosen}
              onChange={(event) => toggle(String(number), event.currentTarget.checked)}
            />
          )
        })}
      </div>
    </Group>
  )
}

function Scale(props: FieldProps) {
  const { question, field } = props
  const id = useId()
  const { low, high, low_name, high_name } = question.scale!
  const places = Array.from({ length: high - low + 1 }, (_, step) => String(low + step))
  const names: Record<string, string> = { [low]: low_name, [high]: high_name }
  return (
    <Group {...props} role="radiogroup" id={id}>
      <div className={classes.scaled}>
        <div className={classes.scale}>
          {places.map((place) => (
            <label key={place} className={classes.place}>
              <input
                type="radio"
                name={id}
                value={place}
                aria-label={[place, names[place]].filter(Boolean).join(', ')}
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
      </div>
    </Group>
  )
}
