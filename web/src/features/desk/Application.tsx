import { Alert, Button, Group, Stack, Text, Timeline, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fullName } from '../../ui/names'
import { moment } from '../../ui/dates'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { type Application as Asked, decisionOf, isOpen, loadReview, type Review } from './applications'
import { DecisionBar } from '../../ui/DecisionBar'
import { Facts } from '../../ui/Facts'
import { SideBySide } from './SideBySide'
import { State } from './State'
import { Thing } from './Thing'

/** An application beside what the registry knows, and its decision. */
export function Application() {
  const { t } = useTranslation('desk')
  const { number } = useParams({ strict: false }) as { number: string }
  const review = useQuery({
    queryKey: ['desk-application', number],
    queryFn: () => loadReview(number),
  })
  return (
    <Thing
      key={number}
      title={t('application', { number })}
      back={{ to: '/desk/applications', name: t('section.applications') }}
      query={review}
    >
      {() => review.data && <Content review={review.data} />}
    </Thing>
  )
}

function Content({ review }: { review: Review }) {
  const { t } = useTranslation('desk')
  // What became of a mail stands beside the state that the application is in
  const titleOf = ({ state, reason }: Review['timeline'][number]) =>
    t(reason?.startsWith('mail-') ? `state.application.${reason}` : `state.application.${state}`)
  const { application, schools, applications, timeline } = review
  return (
    <Stack gap="xl">
      <Group gap="sm">
        <State of="application" state={application.state} />
        <Text>{moment(application.submitted_at)}</Text>
      </Group>
      <Applicant application={application} />
      <SideBySide form={application.school} schools={schools} />
      {applications.length > 0 && (
        <Alert color="orange" variant="light" title={t('others-of-it')}>
          {applications.map(({ number, school }) => (
            <Text key={number} c="dark.9">
              <Link to={`/desk/applications/${number}` as never}>{number}</Link> · {school.short_name}
            </Text>
          ))}
        </Alert>
      )}
      <section>
        <Title order={2} size="h4" mb="sm">
          {t('timeline')}
        </Title>
        <Timeline active={timeline.length - 1} bulletSize={16}>
          {timeline.map((step, index) => (
            <Timeline.Item key={`${step.at} ${index}`} title={titleOf(step)}>
              {step.reason && <Text>{t(`reject.${step.reason}`, '')}</Text>}
              {step.note && <Text style={{ whiteSpace: 'pre-line' }}>{step.note}</Text>}
              <Text size="sm" c="dimmed">
                {moment(step.at)}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      </section>
      {isOpen(application.state) && <Decision application={application} />}
    </Stack>
  )
}

function Applicant({ application: { applicant } }: { application: Asked }) {
  const { t } = useTranslation('desk')
  if (applicant === null) return <Text c="dimmed">{t('applicant-forgotten')}</Text>
  return (
    <section>
      <Title order={2} size="h4" mb="sm">
        {t('applicant')}
      </Title>
      <Facts
        facts={[
          [t('name'), fullName(applicant)],
          [t('post'), applicant.post],
          [t('email'), applicant.email],
          [t('phone'), applicant.phone],
          [t('ground.label'), t(`ground.${applicant.ground}`)],
          [t('order'), applicant.order_no],
        ]}
      />
    </section>
  )
}

function Decision({ application }: { application: Asked }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const settle = () => {
    void queries.invalidateQueries({ queryKey: ['desk-applications'] })
    void queries.invalidateQueries({ queryKey: ['desk-application'] })
  }
  const begin = (verb: 'approve' | 'reject' | 'clarify') => setAct(decisionOf(verb, application, t as never))
  return (
    <>
      <DecisionBar>
        <Button onClick={() => begin('approve')}>{t('act.approve')}</Button>
        <Button variant="light" onClick={() => begin('clarify')}>
          {t('act.clarify')}
        </Button>
        <Button variant="subtle" color="red" onClick={() => begin('reject')}>
          {t('act.reject')}
        </Button>
      </DecisionBar>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </>
  )
}
