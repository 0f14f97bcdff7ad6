import { Button, Group, Skeleton, Stack, Text, TextInput, Timeline, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { moment } from '../../ui/dates'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import {
  correctEmail,
  follow,
  type Followed,
  hasEnded,
  isCorrectable,
  isIssued,
  isRequest,
  type Known,
  resend,
  type Step,
  withdraw,
} from './tracking'

const LOOK_AGAIN = 5_000 // milliseconds

/** The timeline, looked at again while it can still move, and what the applicant can do about it. */
export function Progress({ known }: { known: Known }) {
  const { t } = useTranslation('support')
  const followed = useQuery({
    queryKey: ['track', known],
    queryFn: () => follow(known),
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data.state) ? false : LOOK_AGAIN),
  })
  if (followed.isPending) return <Skeleton h={240} aria-label={t('track.title')} />
  if (followed.isError) {
    return (
      <Stack>
        <Trouble error={followed.error} again={() => void followed.refetch()} />
        <Link to="/track">{t('track.another')}</Link>
      </Stack>
    )
  }
  const { number, state, timeline } = followed.data
  return (
    <Stack gap="lg">
      <Title order={2} size="h3">
        {t('track.number', { number })}
      </Title>
      <Timeline active={timeline.length - 1} bulletSize={20} aria-live="polite">
        {timeline.map((step, index) => (
          <Timeline.Item key={`${step.at} ${index}`} title={t(`state.${nameOf(step)}`, step.state)}>
            {step.note && <Text>{step.note}</Text>}
            <Text size="sm" c="dimmed">
              <time dateTime={step.at}>{moment(step.at)}</time>
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {state === 'issued' && <Link to="/signin">{t('track.signin')}</Link>}
      {!hasEnded(state) && <Steps known={known} state={state} />}
    </Stack>
  )
}

const nameOf = ({ state, reason }: Step) => (reason?.startsWith('mail-') ? reason : state)

function Steps({ known, state }: { known: Known; state: string }) {
  const { t } = useTranslation('support')
  const queries = useQueryClient()
  const [correcting, setCorrecting] = useState(false)
  const settle = () => queries.invalidateQueries({ queryKey: ['track', known] })
  const again = useMutation({ mutationFn: () => resend(known), onSuccess: settle })
  const giveUp = useMutation({ mutationFn: () => withdraw(known), onSuccess: settle })
  const failed = again.error ?? giveUp.error
  return (
    <Stack>
      {failed && <Trouble error={failed} />}
      {correcting && <Correct known={known} done={() => setCorrecting(false)} />}
      <Group>
        {isRequest(known) && isIssued(state) && (
          <Button variant="light" loading={again.isPending} onClick={() => again.mutate()}>
            {t('track.resend')}
          </Button>
        )}
        {isRequest(known) && isCorrectable(state) && !correcting && (
          <Button variant="light" onClick={() => setCorrecting(true)}>
            {t('track.correct')}
          </Button>
        )}
        <Button
          variant="subtle"
          color="red"
          loading={giveUp.isPending}
          onClick={() => window.confirm(t('track.withdraw-sure')) && giveUp.mutate()}
        >
          {t('track.withdraw')}
        </Button>
      </Group>
    </Stack>
  )
}

function Correct({ known, done }: { known: Known; done: () => void }) {
  const { t } = useTranslation('support')
  const queries = useQueryClient()
  const form = useForm({ initialValues: { email: '' } })
  const { submit, busy, error } = useSubmit(form, async ({ email }) => {
    queries.setQueryData<Followed>(['track', known], await correctEmail(known, email))
    done()
  })
  return (
    <Form onSubmit={submit}>
      <TextInput label={t('email')} type="email" autoComplete="email" {...form.getInputProps('email')} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('track.correct-send')}
      </Button>
    </Form>
  )
}
