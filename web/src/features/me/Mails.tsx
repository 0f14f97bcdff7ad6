import { Button, Select, Skeleton, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notify, unwrap } from '../../api/client'
import type { components } from '../../api/generated/notify'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'

type Preferences = components['schemas']['PreferencesOut'] & { etag: string }
type Wish = 'now' | 'digest' | 'off'

const KEY = ['preferences']
const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }))

async function load(): Promise<Preferences> {
  const asked = notify.GET('/api/notify/preferences')
  return { ...(await unwrap(asked)), etag: (await asked).response.headers.get('ETag') ?? '' }
}

/** What one is told of by mail at once, in a daily digest, or not at all. */
export function Mails() {
  const { t } = useTranslation('me')
  const wishes = useQuery({ queryKey: KEY, queryFn: load })
  return (
    <Page title={t('mails')} narrow>
      <Text>{t('mails-text')}</Text>
      {wishes.isPending && <Skeleton h={320} />}
      {wishes.isError && <Trouble error={wishes.error} again={() => void wishes.refetch()} />}
      {wishes.data && <Wishes key={wishes.data.etag} now={wishes.data} />}
    </Page>
  )
}

function Wishes({ now }: { now: Preferences }) {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const [saved, setSaved] = useState(false)
  const form = useForm({
    initialValues: { kinds: now.kinds, digest_hour: String(now.digest_hour), lang: now.lang ?? 'ru' },
  })
  const { submit, busy, error } = useSubmit(form, async ({ kinds, digest_hour, lang }) => {
    const body = { kinds, digest_hour: Number(digest_hour), lang }
    await unwrap(
      notify.PUT('/api/notify/preferences', { body, params: { header: { 'If-Match': now.etag } } }),
    )
    setSaved(true)
    await queries.invalidateQueries({ queryKey: KEY })
  })
  const wishes: { value: Wish; label: string }[] = (['now', 'digest', 'off'] as const).map((value) => ({
    value,
    label: t(`mails-${value}`),
  }))
  return (
    <Form onSubmit={submit}>
      {Object.keys(now.kinds).map((kind) => (
        <Select
          key={kind}
          label={t(`mails-kind.${kind}`, kind)}
          data={wishes}
          allowDeselect={false}
          {...form.getInputProps(`kinds.${kind}`)}
        />
      ))}
      <Select
        label={t('mails-hour')}
        data={HOURS}
        allowDeselect={false}
        {...form.getInputProps('digest_hour')}
      />
      <Select
        label={t('mails-lang')}
        data={[
          { value: 'ru', label: 'Русский' },
          { value: 'en', label: 'English' },
        ]}
        allowDeselect={false}
        {...form.getInputProps('lang')}
      />
      {error ? <Trouble error={error} /> : null}
      {saved && <Text role="status">{t('mails-saved')}</Text>}
      <Button type="submit" loading={busy} w="fit-content">
        {t('mails-save')}
      </Button>
    </Form>
  )
}
