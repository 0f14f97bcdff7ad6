import { Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import { moment } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Paragraphs } from '../../ui/Paragraphs'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { AnswerField } from './AnswerField'
import { answerPoll, type Given, type Poll, type Question } from './polls'
import { Seen } from './Seen'

/** By the question's id: what a field holds. */
export type Answers = Record<string, string | string[]>

const isEmpty = (said: string | string[] | undefined) =>
  !said?.length || (typeof said === 'string' && !said.trim())

function given(question: Question, said: string | string[]): Given {
  if (Array.isArray(said)) return said.map(Number)
  return question.kind === 'text' ? said : Number(said)
}

/** One question after the other; what was chosen survives a reload. */
export function Answering({ poll }: { poll: Poll }) {
  const { t } = useTranslation(['polls', 'ui'])
  const queries = useQueryClient()
  const form = useForm<{ answers: Answers }>({
    initialValues: {
      answers: Object.fromEntries(
        poll.questions.map(({ question_id, kind }) => [question_id, kind === 'multiple' ? [] : '']),
      ),
    },
    validate: ({ answers }) => {
      const missing = poll.questions.filter((one) => one.required && isEmpty(answers[one.question_id]))
      return Object.fromEntries(missing.map((one) => [`answers.${one.question_id}`, t('answer-needed')]))
    },
  })
  const draft = useDraft(`poll-${poll.poll_id}`, form)
  const seeAnew = () => {
    void queries.invalidateQueries({ queryKey: ['poll', poll.poll_id] })
    void queries.invalidateQueries({ queryKey: ['polls'] })
  }
  const { submit, busy, error } = useSubmit(form, async ({ answers }, key) => {
    const said = poll.questions.filter((one) => !isEmpty(answers[one.question_id]))
    const body = said.map((one) => [one.question_id, given(one, answers[one.question_id]!)] as const)
    try {
      await answerPoll(poll.poll_id, Object.fromEntries(body), key)
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.problem.code === 'poll-already-answered') seeAnew()
      throw refusal
    }
    draft.drop()
    seeAnew()
  })
  return (
    <>
      <Paragraphs text={poll.intro} />
      <Seen poll={poll} />
      <Form onSubmit={submit}>
        <Text size="sm">
          {t('required-marks')} {poll.closes_at && t('closes-at', { at: moment(poll.closes_at) })}
        </Text>
        <Stack gap="md">
          {poll.questions.map((question, place) => (
            <AnswerField
              key={question.question_id}
              question={question}
              place={place + 1}
              field={form.getInputProps(`answers.${question.question_id}`)}
            />
          ))}
        </Stack>
        {error ? <Trouble error={error} /> : null}
        <Text size="sm">{t('answer-once')}</Text>
        <Button type="submit" loading={busy} w="fit-content">
          {t('answer')}
        </Button>
      </Form>
    </>
  )
}
