import { Button, Group, Stepper } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import i18next from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { registry, unwrap } from '../../api/client'
import { fieldErrors, Refused } from '../../api/problem'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { Accepted } from './Accepted'
import { ApplicantStep, ReviewStep, RequisitesStep, SchoolStep } from './ApplySteps'
import { asBody, FIELDS, stepOf, useApplication } from './application'

const STEPS = ['requisites', 'school', 'applicant', 'review'] as const

/** An application for entry to the registry, in four short steps. */
export function Apply() {
  const { t } = useTranslation(['support', 'ui'])
  const wide = useMediaQuery('(min-width: 640px)')
  const [step, setStep] = useState(0)
  const [accepted, setAccepted] = useState<{ number: string; tracking_code: string } | null>(null)
  const form = useApplication()
  const draft = useDraft('apply', form)
  const backToField = (refusal: unknown) => {
    const paths = refusal instanceof Refused ? Object.keys(fieldErrors(refusal.problem)) : []
    if (paths.length > 0) setStep(Math.min(...paths.map(stepOf)))
    throw refusal
  }
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const body = asBody(values, i18next.language as 'ru' | 'en')
    const asked = registry.POST('/api/registry/applications', {
      body,
      params: { header: { 'Idempotency-Key': key } },
    })
    setAccepted(await unwrap(asked).catch(backToField))
    draft.drop()
  })
  if (accepted) return <Accepted kind="application" {...accepted} />
  const next = () => {
    const fields = FIELDS[step]!
    const failed = fields.filter((field) => form.validateField(field).hasError)
    if (failed.length === 0) setStep(step + 1)
    else document.querySelector<HTMLElement>(`[data-path="${failed[0]}"]`)?.focus()
  }
  const Step = [RequisitesStep, SchoolStep, ApplicantStep, ReviewStep][step]!
  return (
    <Page title={t('application.title')} narrow>
      <Stepper
        active={step}
        onStepClick={setStep}
        allowNextStepsSelect={false}
        size="sm"
        orientation={wide ? 'horizontal' : 'vertical'}
      >
        {STEPS.map((name) => (
          <Stepper.Step key={name} label={t(`application.${name}`)} />
        ))}
      </Stepper>
      <Form
        onSubmit={() => {
          if (step < 3) next()
          else submit()
        }}
      >
        <Step form={form} />
        {error ? <Trouble error={error} /> : null}
        <Group>
          {step > 0 && (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              {t('ui:back')}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {step < 3 ? t('ui:next') : t('application.send')}
          </Button>
        </Group>
      </Form>
    </Page>
  )
}
