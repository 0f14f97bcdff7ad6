import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { LatestNews } from './LatestNews'
import classes from './Start.module.css'

const WAYS = [
  ['signin', '/signin'],
  ['request', '/request'],
  ['apply', '/apply'],
] as const

/** The support centre: three big ways in, and below them what else one comes for. */
export function Start() {
  const { t } = useTranslation('support')
  return (
    <Page title={t('start.title')}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        {WAYS.map(([way, to]) => (
          <Card key={way} component={Link} to={to} withBorder padding="lg" className={classes.way}>
            <Title order={2} size="h3" c="blue.9">
              {t(`start.${way}`)}
            </Title>
            <Text mt="xs">{t(`start.${way}-text`)}</Text>
          </Card>
        ))}
      </SimpleGrid>
      <Stack gap="xs" component="section" aria-label={t('start.more')}>
        <Group gap="0 24px">
          <Anchor component={Link} to="/track" className={classes.link}>
            {t('start.track')}
          </Anchor>
          <Anchor component={Link} to="/schools" className={classes.link}>
            {t('start.schools')}
          </Anchor>
          <Anchor component={Link} to="/help" className={classes.link}>
            {t('start.help')}
          </Anchor>
        </Group>
      </Stack>
      <LatestNews />
    </Page>
  )
}
