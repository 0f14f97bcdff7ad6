import { Stepper } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Page } from '../../ui/Page'
import { Password } from './Password'
import { Status } from './Status'
import { Workplace } from './Workplace'

/** The first sign-in, guided: status, new password, workplace. It can be left and resumed. */
export function Welcome() {
  const { t } = useTranslation('signin')
  const session = useSession()
  const navigate = useNavigate()
  const [status, setStatus] = useState<'head' | 'employee' | null>(null)
  const step = session?.scope === 'full' ? 2 : status ? 1 : 0
  return (
    <Page title={t('welcome')} narrow>
      <Stepper active={step} size="sm">
        <Stepper.Step label={t('step-status')} />
        <Stepper.Step label={t('step-password')} />
        <Stepper.Step label={t('step-workplace')} />
      </Stepper>
      {step === 0 && <Status onStated={setStatus} />}
      {step === 1 && <Password status={status!} back={() => setStatus(null)} />}
      {step === 2 && <Workplace done={() => void navigate({ to: '/home' })} />}
    </Page>
  )
}
