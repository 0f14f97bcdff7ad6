import { type AudienceValues, audienceValues, EVERYBODY } from '../../ui/audience/audience'
import { moscowInput, moscowMoment } from '../../ui/dates'
import type { Poll, PollBody, Question } from './polls'

/** A question as the form holds it: options line by line. */
export interface QuestionValues {
  key: string
  kind: Question['kind']
  text: string
  required: boolean
  options: string
  most: number | string
  scale: { low: number; high: number; low_name: string; high_name: string }
}

/** A poll as the form holds it. */
export interface PollValues extends Record<string, unknown> {
  title: string
  intro: string
  anonymous: 'yes' | 'no'
  shares_results: boolean
  closes_at: string
  audience: AudienceValues
  questions: QuestionValues[]
}

const SCALE = { low: 1, high: 5, low_name: '', high_name: '' }

export const question = (): QuestionValues => ({
  key: crypto.randomUUID(),
  kind: 'single',
  text: '',
  required: true,
  options: '',
  most: '',
  scale: { ...SCALE },
})

export const emptyPoll = (): PollValues => ({
  title: '',
  intro: '',
  anonymous: 'yes',
  shares_results: false,
  closes_at: '',
  audience: EVERYBODY,
  questions: [question()],
})

const asMoment = (input: string) => (input ? moscowMoment(input) : null)

export const valuesOf = (poll: Poll): PollValues => ({
  title: poll.title,
  intro: poll.intro,
  anonymous: poll.anonymous ? 'yes' : 'no',
  shares_results: poll.shares_results,
  closes_at: poll.closes_at ? moscowInput(poll.closes_at) : '',
  audience: poll.audience ? audienceValues(poll.audience) : EVERYBODY,
  questions: poll.questions.map((one) => ({
    key: one.question_id,
    kind: one.kind,
    text: one.text,
    required: one.required,
    options: one.options.join('\n'),
    most: one.most ?? '',
    scale: { ...SCALE, ...one.scale },
  })),
})

export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)

export const isChoice = (kind: Question['kind']) => kind === 'single' || kind === 'multiple'

export const bodyOf = (values: PollValues): PollBody =>
  ({
    title: values.title,
    intro: values.intro,
    anonymous: values.anonymous === 'yes',
    shares_results: values.shares_results,
    closes_at: asMoment(values.closes_at),
    audience: values.audience,
    questions: values.questions.map((one) => ({
      kind: one.kind,
      text: one.text,
      required: one.required,
      options: isChoice(one.kind) ? linesOf(one.options) : [],
      most: one.kind === 'multiple' && one.most !== '' ? Number(one.most) : null,
      scale: one.kind === 'scale' ? one.scale : null,
    })),
  }) as PollBody

/** What may still be changed once somebody has answered. */
export const endOf = (values: PollValues) => ({ closes_at: asMoment(values.closes_at) })
