import { Anchor, Box, Button, Container, Group, Text } from '@mantine/core'
import { Link, Outlet, useMatches } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/session'
import { CarriedMarks } from '../features/diary/CarriedMarks'
import { StepUp } from '../ui/StepUp'
import { useSignOut } from '../ui/useSignOut'
import { setLanguage } from './i18n'
import { useLargePrint } from './largePrint'
import { Navigation } from './Navigation'
import { Notices } from './Notices'
import { sectionsOf } from './sections'
import classes from './Shell.module.css'
import { UnreadNotices } from './UnreadNotices'

/** What surrounds every page: the way home, the language, large print, the way in. */
export function Shell() {
  const { t, i18n } = useTranslation('ui')
  const [, toggleLarge] = useLargePrint()
  const session = useSession()
  const inCabinet = useMatches({ select: (matches) => matches.some(({ id }) => id.startsWith('/cabinet')) })
  const seen = sectionsOf(session)
  const hasSections = inCabinet && (seen.length > 0 || session === null) // their place is kept until they are known
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t('skip')}
      </a>
      <Box component="header" className={classes.header}>
        <Container size="lg" px="md" h="100%" fluid={hasSections}>
          <Group justify="space-between" h="100%" wrap="nowrap">
            <Link to="/" aria-label={t('home')} className={classes.brand}>
              ЕКИС
            </Link>
            <Entrance />
          </Group>
        </Container>
      </Box>
      <Notices />
      {session?.scope === 'full' && session.roles.length === 0 && (
        <Suspense fallback={null}>
          <CarriedMarks account={session.accountId} />
        </Suspense>
      )}
      <div className={classes.body} data-sections={hasSections || undefined}>
        {hasSections && <Navigation seen={seen} />}
        <main id="main" className={classes.main}>
          <Outlet />
          <StepUp />
          <UnreadNotices />
        </main>
      </div>
      <Box component="footer" className={classes.footer}>
        <Container size="lg" px="md" fluid={hasSections}>
          <Group justify="space-between">
            <Text size="sm">{t('footer')}</Text>
            <Group>
              <Anchor href="/docs/events">{t('events')}</Anchor>
              <Anchor component="button" type="button" onClick={toggleLarge}>
                {t('large')}
              </Anchor>
              <Anchor
                component="button"
                type="button"
                lang={i18n.language === 'ru' ? 'en' : 'ru'}
                onClick={() => void setLanguage(i18n.language === 'ru' ? 'en' : 'ru')}
              >
                {t('language')}
              </Anchor>
            </Group>
          </Group>
        </Container>
      </Box>
    </div>
  )
}

function Entrance() {
  const { t } = useTranslation('ui')
  const session = useSession()
  const leave = useSignOut()
  const to = session ? (session.scope === 'full' ? '/home' : '/welcome') : '/signin'
  return (
    <Group gap="xs" wrap="nowrap">
      <Button component={Link} to={to} variant="white" size="sm">
        {t(session ? (session.roles.length ? 'console' : 'cabinet') : 'signin')}
      </Button>
      {session && (
        <Button
          variant="outline"
          color="gray.0"
          size="sm"
          loading={leave.isPending}
          onClick={() => leave.mutate()}
        >
          {t('signout')}
        </Button>
      )}
    </Group>
  )
}
