import { Button, Code, Group, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import type { components } from '../../api/generated/identity'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { QrCode } from './QrCode'

interface Props {
  shown: components['schemas']['EnrolmentOut']
  done: () => Promise<void>
}

/** The picture for the app, the recovery codes, both shown once; a first code makes the second step live. */
export function Enrolment({ shown, done }: Props) {
  const { t } = useTranslation(['me', 'ui'])
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, async ({ code }) => {
    await unwrap(identity.POST('/api/identity/second-factor/confirm', { body: { code } }))
    await done()
  })
  return (
    <Form onSubmit={submit}>
      <Text>{t('factor-scan')}</Text>
      <QrCode text={shown.otpauth_uri} label={t('factor-picture')} />
      <Text>
        {t('factor-by-hand')} <Code>{shown.secret}</Code>
      </Text>
      <Text fw={600}>{t('factor-recovery')}</Text>
      <Text>{t('factor-recovery-text')}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {shown.recovery_codes.map((code) => (
          <Code key={code}>{code}</Code>
        ))}
      </SimpleGrid>
      <TextInput
        label={t('factor-first-code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        {...form.getInputProps('code')}
      />
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('factor-confirm')}
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          {t('ui:print')}
        </Button>
      </Group>
    </Form>
  )
}
