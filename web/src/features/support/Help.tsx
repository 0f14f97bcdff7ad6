import { Anchor, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { Page } from '../../ui/Page'
import classes from './Start.module.css'

export const KINDS = ['sign-in', 'restore-access', 'disable-account', 'fault', 'question'] as const
export type Kind = (typeof KINDS)[number] | 'register-school'

/** The list of options, and the phones of the desk. */
export function Help() {
  const { t } = useTranslation('support')
  return (
    <Page title={t('help.title')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" component="nav" aria-label={t('help.title')}>
        {KINDS.map((kind) => (
          <Link key={kind} to={`/help/${kind}` as never} className={classes.option}>
            <Title order={2} size="h4" c="blue.9">
              {t(`help.${kind}`)}
            </Title>
            <Text>{t(`help.${kind}-text`)}</Text>
          </Link>
        ))}
      </SimpleGrid>
      <Phones />
    </Page>
  )
}

export function Phones() {
  const { t } = useTranslation('support')
  const contacts = useQuery({
    queryKey: ['support-contacts'],
    queryFn: () => unwrap(identity.GET('/api/identity/support/contacts')),
    staleTime: Infinity,
  })
  const phones = contacts.data?.phones ?? []
  if (phones.length === 0) return null
  return (
    <Stack gap={4} component="section" aria-label={t('help.phones')}>
      <Text fw={600}>{t('help.phones')}</Text>
      {phones.map((phone) => (
        <Anchor
          key={phone}
          href={`tel:${phone.replace(/[^+\d]/g, '')}`}
          className={classes.link}
          w="fit-content"
        >
          {phone}
        </Anchor>
      ))}
      <Text c="dimmed">{t('help.hours')}</Text>
    </Stack>
  )
}
