import { Button, Group, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fullName } from '../../ui/names'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { type Act, ActDialog } from './ActDialog'
import { DecisionBar } from './DecisionBar'
import { type Answer, decide, type Referral } from './referrals'

const NEW = 'new'

/** Confirms the applicant as one of the roll or as somebody new on it, or declines with a reason. */
export function ReferralDecision({ referral }: { referral: Referral }) {
  const { t } = useTranslation(['desk', 'ui'])
  const queries = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const { candidates, request_id, request_version } = referral
  const settle = () => void queries.invalidateQueries({ queryKey: ['desk-referrals'] })
  const form = useForm({
    initialValues: {
      staff_id: candidates.length === 1 ? candidates[0]!.staff_id : candidates.length ? '' : NEW,
      post: referral.applicant.post ?? '',
      category: referral.category as string,
    },
    validate: {
      staff_id: (value) => (value ? null : t('ui:required')),
      post: (value, { staff_id }) => (staff_id !== NEW || value.trim() ? null : t('ui:required')),
    },
  })
  const { submit, busy, error } = useSubmit(form, async ({ staff_id, post, category }) => {
    const who = staff_id === NEW ? { post, category: category as Answer['category'] } : { staff_id }
    await decide(request_id, { decision: 'confirm', request_version, ...who })
    settle()
  })
  const decline: Act = {
    title: t('act.decline'),
    text: t('act.decline-text'),
    confirm: t('act.decline-do'),
    grave: true,
    fields: [{ name: 'reason', label: t('reason'), hint: t('decline-hint') }],
    send: ({ reason }) => decide(request_id, { decision: 'decline', request_version, reason }),
  }
  return (
    <Form onSubmit={submit}>
      <Title order={2} size="h4">
        {t('confirm-as')}
      </Title>
      <Radio.Group aria-label={t('confirm-as')} {...form.getInputProps('staff_id')}>
        <Stack gap="sm">
          {candidates.map((one) => (
            <Radio
              key={one.staff_id}
              value={one.staff_id}
              label={`${fullName(one)}, ${one.post}`}
              description={[one.division, one.email ?? t('no-email')].filter(Boolean).join(' · ')}
            />
          ))}
          <Radio value={NEW} label={t('confirm-new')} description={t('confirm-new-text')} />
        </Stack>
      </Radio.Group>
      {form.values.staff_id === NEW && (
        <>
          <TextInput label={t('post')} withAsterisk {...form.getInputProps('post')} />
          <Radio.Group label={t('category.label')} {...form.getInputProps('category')}>
            <Group mt="xs">
              <Radio value="employee" label={t('category.employee')} />
              <Radio value="head" label={t('category.head')} />
            </Group>
          </Radio.Group>
        </>
      )}
      {candidates.length === 0 && <Text c="dimmed">{t('no-candidates')}</Text>}
      {error ? <Trouble error={error} /> : null}
      <DecisionBar>
        <Button type="submit" loading={busy}>
          {t('act.confirm')}
        </Button>
        <Button variant="subtle" color="red" onClick={() => setAct(decline)}>
          {t('act.decline')}
        </Button>
      </DecisionBar>

      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </Form>
  )
}
