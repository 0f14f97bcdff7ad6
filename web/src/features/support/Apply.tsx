import { Button, Group, Stepper } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import i18next from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { registry, unwrap } from '../../api/client'
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
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const body = asBody(values, i18next.language as 'ru' | 'en')
    const asked = registry.POST('/api/registry/applications', {
      body,
      params: { header: { 'Idempotency-Key': key } },
    })
    setAccepted(await unwrap(asked))
    draft.drop()
  })
  if (accepted) return <Accepted kind="application" {...accepted} />
  const wrong = Object.keys(form.errors)
  const shown = wrong.length > 0 && step === 3 ? Math.min(...wrong.map(stepOf)) : step
  const next = () => {
    const fields = FIELDS[shown]!
    const failed = fields.filter((field) => form.validateField(field).hasError)
    if (failed.length === 0) setStep(shown + 1)
    else document.querySelector<HTMLElement>(`[data-path="${failed[0]}"]`)?.focus()
  }
  const Step = [RequisitesStep, SchoolStep, ApplicantStep, ReviewStep][shown]!
  return (
    <Page title={t('application.title')} narrow>
      <Stepper
        active={shown}
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
          if (shown < 3) next()
          else submit()
        }}
      >
        <Step form={form} />
        {error ? <Trouble error={error} /> : null}
        <Group>
          {shown > 0 && (
            <Button variant="default" onClick={() => setStep(shown - 1)}>
              {t('ui:back')}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {shown < 3 ? t('ui:next') : t('application.send')}
          </Button>
        </Group>
      </Form>
    </Page>
  )
}
